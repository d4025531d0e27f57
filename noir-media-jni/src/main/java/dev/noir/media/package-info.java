/**
 * The native media plane's Java face. {@link dev.noir.media.MediaLoop} is the way in: commands go down by
 * {@link dev.noir.media.LoopTask}s, control events come up by {@link dev.noir.media.MediaEvents}, media packets never
 * surface in Java.
 */
@NullMarked
package dev.noir.media;

import org.jspecify.annotations.NullMarked;
