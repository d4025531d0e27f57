package dev.noir.playing;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/** Packets of Opus (RFC 6716) and their header in files (RFC 7845 §5.1). Thread: any. */
final class Opus {
    /** Of the clock of its times, in Hz. */
    static final int RATE = 48_000;

    private static final byte[] MAGIC = "OpusHead".getBytes(StandardCharsets.US_ASCII);
    private static final int HEAD_BYTES = 19;
    private static final int CHANNELS_AT = 9;
    private static final int PRE_SKIP_AT = 10;
    private static final int FAMILY_AT = 18;
    private static final int MAX_VERSION = 15;
    private static final int STEREO = 2;

    // RFC 6716 §3.1, in samples at 48 kHz.
    private static final int[] SILK_SIZES = {480, 960, 1920, 2880};
    private static final int[] HYBRID_SIZES = {480, 960};
    private static final int[] CELT_SIZES = {120, 240, 480, 960};
    private static final int FIRST_HYBRID = 12;
    private static final int FIRST_CELT = 16;

    // RFC 6716 §3.4: no packet is longer than 120 ms.
    private static final int MAX_SAMPLES = 5760;

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private Opus() {}

    static boolean isHead(byte[] data) {
        return data.length >= HEAD_BYTES && Arrays.equals(data, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /** Whether it is one that WebRTC can carry: one channel or two. */
    static boolean isPlayable(byte[] head) {
        return (head[MAGIC.length] & 0xFF) <= MAX_VERSION
                && head[CHANNELS_AT] >= 1
                && head[CHANNELS_AT] <= STEREO
                && head[FAMILY_AT] == 0;
    }

    /** Samples at 48 kHz that are no sound yet. */
    static int preSkip(byte[] head) {
        return (head[PRE_SKIP_AT] & 0xFF) | (head[PRE_SKIP_AT + 1] & 0xFF) << 8;
    }

    /** How much sound a packet holds, in samples at 48 kHz; 0: it is broken. */
    static int samples(byte[] packet) {
        if (packet.length == 0) {
            return 0;
        }
        int configuration = (packet[0] & 0xFF) >> 3;
        int size;
        if (configuration < FIRST_HYBRID) {
            size = SILK_SIZES[configuration % SILK_SIZES.length];
        } else if (configuration < FIRST_CELT) {
            size = HYBRID_SIZES[configuration % HYBRID_SIZES.length];
        } else {
            size = CELT_SIZES[configuration % CELT_SIZES.length];
        }
        int frames =
                switch (packet[0] & 3) {
                    case 0 -> 1;
                    case 1, 2 -> 2;
                    default -> packet.length < 2 ? 0 : packet[1] & 0x3F;
                };
        int samples = size * frames;
        return samples <= MAX_SAMPLES ? samples : 0;
    }

    static long nanos(long samples) {
        return samples / RATE * SECOND + samples % RATE * SECOND / RATE;
    }
}
