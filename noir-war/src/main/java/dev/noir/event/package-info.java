/**
 * What happens in rooms, as other code in the WAR is told: records without anything else of noiR's, so that such code compiles
 * against them alone. Public; docs/extending.md. Knows only {@code java.*}.
 */
@NullMarked
package dev.noir.event;

import org.jspecify.annotations.NullMarked;
