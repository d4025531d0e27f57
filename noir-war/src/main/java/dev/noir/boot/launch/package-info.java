/**
 * {@code java -jar noir.war}: unpacks the WAR, starts the Tomcat in it. Stands at the root of the WAR; the deployed
 * application never sees these classes.
 */
@NullMarked
package dev.noir.boot.launch;

import org.jspecify.annotations.NullMarked;
