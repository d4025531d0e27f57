package dev.noir.recording;

import dev.noir.room.EncodedFrame;
import dev.noir.sdp.Codec;

/** Frames whose content nobody looks at. */
final class TestFrames {
    /** 2026-11-29T00:00:00Z. */
    static final long START = 1_795_910_400_000_000L;

    private TestFrames() {}

    static EncodedFrame audio(long ms) {
        return new EncodedFrame(Codec.OPUS, true, START + 1000 * ms, 0, 0, new byte[0], new byte[] {1, 2, 3});
    }

    static EncodedFrame key(long ms, int width, int height) {
        return new EncodedFrame(Codec.VP8, true, START + 1000 * ms, width, height, new byte[0], new byte[1000]);
    }

    static EncodedFrame delta(long ms) {
        return new EncodedFrame(Codec.VP8, false, START + 1000 * ms, 0, 0, new byte[0], new byte[100]);
    }
}
