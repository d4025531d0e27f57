package dev.noir.playing;

import java.io.ByteArrayOutputStream;

/** Open bitstream units of AV1 (AV1 Bitstream & Decoding Process Specification §5.3). Thread: any. */
final class Av1Units {
    private static final int SEQUENCE_HEADER = 1;
    private static final int TEMPORAL_DELIMITER = 2;
    private static final int TILE_LIST = 8;
    private static final int PADDING = 15;

    // §5.3.2.
    private static final int EXTENSION = 0x04;
    private static final int HAS_SIZE = 0x02;

    // §4.10.5: of a number in octets with seven bits each.
    private static final int MAX_LEB_OCTETS = 8;

    // Of an AV1CodecConfigurationRecord, before its units (AV1 Codec ISO Media File Format Binding §2.3.3).
    private static final int CONFIGURATION_HEADER = 4;

    private Av1Units() {}

    /** One after the other. Thread: one at a time. */
    private static final class Walk {
        private final byte[] data;
        private int begin;
        private int content;
        private int end;

        Walk(byte[] data, int from) {
            this.data = data;
            this.end = from;
        }

        /** False: there is none any more. What is not whole is none. */
        boolean next() {
            begin = end;
            content = begin + 1 + (begin < data.length && (data[begin] & EXTENSION) != 0 ? 1 : 0);
            if (content > data.length) {
                return false;
            }
            if (!hasSize()) {
                end = data.length; // Only the last one goes without.
                return true;
            }
            long size = 0;
            for (int i = 0; i < MAX_LEB_OCTETS && content < data.length; i++) {
                int octet = data[content++];
                size |= (octet & 0x7FL) << (7 * i);
                if (octet >= 0) {
                    end = (int) Math.min(content + size, Integer.MAX_VALUE);
                    return size <= data.length - content;
                }
            }
            return false;
        }

        boolean hasSize() {
            return (data[begin] & HAS_SIZE) != 0;
        }

        int type() {
            return (data[begin] >> 3) & 0xF;
        }
    }

    /** Whether a decoder can begin here: a temporal unit with a sequence header is that of a key frame. */
    static boolean hasSequence(byte[] data) {
        Walk walk = new Walk(data, 0);
        while (walk.next()) {
            if (walk.type() == SEQUENCE_HEADER) {
                return true;
            }
        }
        return false;
    }

    /**
     * A temporal unit as a room takes it: each unit with its size; without delimiters, padding and tile lists, which RTP does not carry;
     * what is broken ends it.
     *
     * @param configuration an AV1CodecConfigurationRecord or nothing: its sequence header comes first when it is a key frame without one
     */
    static byte[] temporalUnit(byte[] data, boolean key, byte[] configuration) {
        ByteArrayOutputStream unit = new ByteArrayOutputStream(data.length + 16);
        if (key && !hasSequence(data)) {
            copy(new Walk(configuration, Math.min(configuration.length, CONFIGURATION_HEADER)), unit);
        }
        copy(new Walk(data, 0), unit);
        return unit.toByteArray();
    }

    private static void copy(Walk walk, ByteArrayOutputStream to) {
        while (walk.next()) {
            int type = walk.type();
            if (type == TEMPORAL_DELIMITER || type == TILE_LIST || type == PADDING) {
                continue;
            }
            if (walk.hasSize()) {
                to.write(walk.data, walk.begin, walk.end - walk.begin);
                continue;
            }
            to.write(walk.data[walk.begin] | HAS_SIZE);
            to.write(walk.data, walk.begin + 1, walk.content - walk.begin - 1);
            int size = walk.end - walk.content;
            for (; size > 0x7F; size >>= 7) {
                to.write((size & 0x7F) | 0x80);
            }
            to.write(size);
            to.write(walk.data, walk.content, walk.end - walk.content);
        }
    }
}
