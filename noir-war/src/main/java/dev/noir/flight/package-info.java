/**
 * What the JVM's flight recorder (JFR) is told. Only what is behind {@link dev.noir.flight.FlightLog} names {@code jdk.jfr}, which a
 * runtime may lack, or a server not show to applications. Knows only {@code java.*} besides.
 */
@NullMarked
package dev.noir.flight;

import org.jspecify.annotations.NullMarked;
