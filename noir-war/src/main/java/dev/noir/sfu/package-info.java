/** The media plane of a room, on {@code dev.noir.media}. */
@NullMarked
package dev.noir.sfu;

import org.jspecify.annotations.NullMarked;
