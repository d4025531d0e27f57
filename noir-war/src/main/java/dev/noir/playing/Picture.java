package dev.noir.playing;

import dev.noir.sdp.Codec;

/**
 * What the first bytes of a coded picture say.
 *
 * @param width in pixels; 0 where it is not said, or not looked for
 * @param height as {@code width}
 */
record Picture(boolean key, int width, int height) {
    private static final Picture DELTA = new Picture(false, 0, 0);
    private static final Picture KEY = new Picture(true, 0, 0);

    // RFC 6386 §9.1.
    private static final int VP8_HEADER = 10;
    private static final int VP8_START = 0x9D012A;

    // VP9 Bitstream & Decoding Process Specification §6.2, §7.2.
    private static final int VP9_MARKER = 2;
    private static final int VP9_SYNC = 0x498342;
    private static final int VP9_RGB = 7;

    /** Of H264 nothing is known here: it is no key frame. */
    static Picture of(Codec codec, byte[] data) {
        return switch (codec) {
            case VP8 -> vp8(data);
            case VP9 -> vp9(data);
            case AV1 -> Av1Units.hasSequence(data) ? KEY : DELTA;
            case H264 -> DELTA;
            case OPUS, RED -> KEY;
        };
    }

    private static Picture vp8(byte[] data) {
        boolean key = data.length >= VP8_HEADER
                && (data[0] & 1) == 0
                && ((data[3] & 0xFF) << 16 | (data[4] & 0xFF) << 8 | (data[5] & 0xFF)) == VP8_START;
        return key ? new Picture(true, little14(data, 6), little14(data, 8)) : DELTA;
    }

    /** The two bits above are how to scale. */
    private static int little14(byte[] data, int at) {
        return (data[at] & 0xFF) | (data[at + 1] & 0x3F) << 8;
    }

    private static Picture vp9(byte[] data) {
        Bits bits = new Bits(data, 0);
        boolean known = bits.number(2) == VP9_MARKER;
        int profile = bits.bit() | bits.bit() << 1;
        if (profile == 3) {
            bits.bit();
        }
        boolean showsAnother = bits.flag();
        boolean key = !bits.flag();
        bits.number(2); // Whether it is shown, and resilient to errors.
        if (!known || showsAnother || !key || bits.number(24) != VP9_SYNC) {
            return DELTA;
        }
        if (profile >= 2) {
            bits.bit(); // Ten bits or twelve.
        }
        boolean subsampled = profile == 0 || profile == 2; // Others say how.
        if (bits.number(3) != VP9_RGB) {
            bits.number(subsampled ? 1 : 4);
        } else {
            bits.number(subsampled ? 0 : 1);
        }
        return new Picture(true, bits.number(16) + 1, bits.number(16) + 1);
    }
}
