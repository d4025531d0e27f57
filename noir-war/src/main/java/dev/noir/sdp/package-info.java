/** Parse and print SDP, make answers and offers; pure functions. */
@NullMarked
package dev.noir.sdp;

import org.jspecify.annotations.NullMarked;
