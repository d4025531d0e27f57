package dev.noir.playing;

import java.time.Duration;

/**
 * A whole picture or audio packet as its file holds it.
 *
 * @param track the number of a {@link SourceTrack}
 * @param time of showing, since the beginning of the file; somewhat less than zero where a decoder needs a run-up
 * @param key a decoder can start here; always so with audio
 * @param data 1 byte to {@link FrameSource#MAX_FRAME_BYTES}; whoever has the frame owns it
 */
@SuppressWarnings("ArrayRecordComponent") // Handed on, never compared.
public record SourceFrame(int track, Duration time, boolean key, byte[] data) {}
