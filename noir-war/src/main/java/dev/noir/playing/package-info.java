/**
 * Files of media, and the playing of them in real time: a file becomes frames as it holds them ({@link dev.noir.playing.FrameSource}),
 * and a {@link dev.noir.playing.Player} gives each to a sink when it is due. Nothing is decoded. WebM, Matroska, IVF and Ogg with Opus
 * are read. Files are believed nothing: whatever they say of sizes, depths and times is checked. Knows {@code room} and {@code sdp}.
 */
@NullMarked
package dev.noir.playing;

import org.jspecify.annotations.NullMarked;
