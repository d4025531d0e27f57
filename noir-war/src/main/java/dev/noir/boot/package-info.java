/** Wires the parts, starts and stops them; the only place that makes threads and reads clocks. */
@NullMarked
package dev.noir.boot;

import org.jspecify.annotations.NullMarked;
