package dev.noir.recording;

/**
 * What a key frame of VP9 says of its stream, as a VPCodecConfigurationRecord (VP Codec ISO Media File Format Binding) has it: what its
 * uncompressed header has (VP9 Bitstream & Decoding Process Specification §6.2).
 */
final class Vp9Configuration {
    private static final int SYNC_CODE = 0x498342;
    private static final int SYNC_BITS = 24;
    private static final int FRAME_MARKER = 2;
    private static final int RGB = 7;
    private static final int UNSPECIFIED = 2; // ISO/IEC 23001-8: the pictures tell themselves.
    private static final int IDENTITY = 0;

    // Chroma beside luma where both are halved; else by how it is.
    private static final int CHROMA_420 = 1;
    private static final int CHROMA_422 = 2;
    private static final int CHROMA_444 = 3;

    private static final int FRAMES_PER_SECOND = 30;

    // Annex A: a level, its largest picture, and how many samples of luma a second has at most.
    private static final long[][] LEVELS = {
        {10, 36_864, 829_440},
        {11, 73_728, 2_764_800},
        {20, 122_880, 4_608_000},
        {21, 245_760, 9_216_000},
        {30, 552_960, 20_736_000},
        {31, 983_040, 36_864_000},
        {40, 2_228_224, 83_558_400},
        {41, 2_228_224, 160_432_128},
        {50, 8_912_896, 311_951_360},
        {51, 8_912_896, 588_251_136},
        {52, 8_912_896, 1_176_502_272},
    };
    private static final int HIGHEST_LEVEL = 62;

    /** Bits, the highest of each byte first; zeros behind the end. */
    private static final class Bits {
        private final byte[] bytes;
        private int position;

        Bits(byte[] bytes) {
            this.bytes = bytes;
        }

        int take(int count) {
            int value = 0;
            for (int i = 0; i < count; i++, position++) {
                int octet = position / Byte.SIZE < bytes.length ? bytes[position / Byte.SIZE] : 0;
                value = (value << 1) | ((octet >> (Byte.SIZE - 1 - position % Byte.SIZE)) & 1);
            }
            return value;
        }
    }

    private Vp9Configuration() {}

    /**
     * What a decoder may want to know beforehand.
     *
     * @param frame a key frame; what is none is taken for the usual profile 0
     * @param width in pixels
     * @param height as {@code width}
     */
    static byte[] of(byte[] frame, int width, int height) {
        Bits bits = new Bits(frame);
        boolean marked = bits.take(2) == FRAME_MARKER;
        int profile = bits.take(1) | bits.take(1) << 1;
        if (profile == 3) {
            bits.take(1);
        }
        boolean key = bits.take(2) == 0; // Not one shown again, and no other type.
        bits.take(2);
        boolean synchronised = bits.take(SYNC_BITS) == SYNC_CODE;
        if (!marked || !key || !synchronised) {
            return record(0, level(width, height), 8, CHROMA_420, 0, UNSPECIFIED);
        }
        int depth = profile < 2 ? 8 : 10 + 2 * bits.take(1);
        if (bits.take(3) == RGB) {
            return record(profile, level(width, height), depth, CHROMA_444, 1, IDENTITY);
        }
        int fullRange = bits.take(1);
        int chroma = (profile & 1) == 0 ? CHROMA_420 : chroma(bits.take(1), bits.take(1));
        return record(profile, level(width, height), depth, chroma, fullRange, UNSPECIFIED);
    }

    private static int chroma(int halvedAcross, int halvedDown) {
        if (halvedAcross == 0) {
            return CHROMA_444; // Halved down alone has no number of its own.
        }
        return halvedDown == 0 ? CHROMA_422 : CHROMA_420;
    }

    /** The lowest that has pictures of this size, as often as in calls. */
    private static int level(int width, int height) {
        long picture = (long) width * height;
        for (long[] level : LEVELS) {
            if (picture <= level[1] && FRAMES_PER_SECOND * picture <= level[2]) {
                return (int) level[0];
            }
        }
        return HIGHEST_LEVEL;
    }

    private static byte[] record(int profile, int level, int depth, int chroma, int fullRange, int matrix) {
        int colors = matrix == IDENTITY ? 1 : UNSPECIFIED; // RGB has the primaries of BT.709.
        int transfer = matrix == IDENTITY ? 13 : UNSPECIFIED; // And the curve of sRGB.
        return new Boxes()
                .number(profile, 1)
                .number(level, 1)
                .number(depth << 4 | chroma << 1 | fullRange, 1)
                .number(colors, 1)
                .number(transfer, 1)
                .number(matrix, 1)
                .number(0, 2) // No data to initialise with: VP9 has none.
                .toBytes();
    }
}
