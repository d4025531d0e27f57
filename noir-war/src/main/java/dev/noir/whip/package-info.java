/** WHIP (RFC 9725) and WHEP over HTTP: programs that send or watch, and join a room by one request. */
@NullMarked
package dev.noir.whip;

import org.jspecify.annotations.NullMarked;
