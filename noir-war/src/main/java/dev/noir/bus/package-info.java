/** Which nodes there are, and what they say to each other: ports, envelopes, and both in memory. */
@NullMarked
package dev.noir.bus;

import org.jspecify.annotations.NullMarked;
