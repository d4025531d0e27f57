package dev.noir.playing;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Pictures of H264 behind lengths, and their parameter sets (ISO/IEC 14496-15 §5.3), for rooms: lengths of four octets, and no parameter
 * sets within. Thread: one at a time.
 */
final class H264Units {
    // ITU-T H.264 table 7-1.
    private static final int SEQUENCE_SET = 7;
    private static final int PICTURE_SET = 8;
    private static final int ACCESS_DELIMITER = 9;
    private static final int FILLER = 12;

    private static final int HEADER_BYTES = 7;
    private static final int MAX_LENGTH_OCTETS = 4;
    private static final int MAX_SEQUENCE_SETS = 31;
    private static final int MAX_PICTURE_SETS = 255;
    private static final int MAX_SET_BYTES = 0xFFFF;

    // State. As the last key frame had them.
    private byte[] configuration;
    private final int lengthOctets;

    /** @param configuration an AVCDecoderConfigurationRecord that {@link #isConfiguration} */
    H264Units(byte[] configuration) {
        this.lengthOctets = (configuration[4] & 3) + 1;
        this.configuration = configuration.clone();
        this.configuration[4] |= 3;
    }

    /** Whether it can be one, with at least one sequence parameter set. */
    static boolean isConfiguration(byte[] data) {
        return data.length > HEADER_BYTES && data[0] == 1 && (data[5] & 0x1F) > 0;
    }

    /** What a decoder needs besides the pictures, from the last one on; lengths are four octets. */
    byte[] configuration() {
        return configuration;
    }

    /** Of a parameter set in it, in bytes; what is cut off counts as it says. */
    int largestSet() {
        int largest = 0;
        int at = HEADER_BYTES - 2;
        for (int masked : new int[] {0x1F, 0xFF}) {
            int sets = at < configuration.length ? configuration[at++] & masked : 0;
            for (; sets > 0 && at + 1 < configuration.length; sets--) {
                int size = ((configuration[at] & 0xFF) << 8) | (configuration[at + 1] & 0xFF);
                largest = Math.max(largest, size);
                at += Short.BYTES + size;
            }
        }
        return largest;
    }

    /**
     * The units of a picture.
     *
     * @return empty when there is nothing to show in it
     * @throws MediaFileException they do not fit together
     */
    byte[] picture(byte[] data) throws MediaFileException {
        ByteArrayOutputStream picture = new ByteArrayOutputStream(data.length + 16);
        List<byte[]> sequences = new ArrayList<>();
        List<byte[]> pictures = new ArrayList<>();
        int at = 0;
        while (at < data.length) {
            long length = 0;
            for (int i = 0; i < lengthOctets && at < data.length; i++) {
                length = (length << 8) | (data[at++] & 0xFF);
            }
            if (length > data.length - at) {
                throw new MediaFileException("a picture of H264 is broken");
            }
            byte[] unit = Arrays.copyOfRange(data, at, at + (int) length);
            at += unit.length;
            switch (unit.length == 0 ? FILLER : unit[0] & 0x1F) {
                case SEQUENCE_SET -> sequences.add(unit);
                case PICTURE_SET -> pictures.add(unit);
                case ACCESS_DELIMITER, FILLER -> {} // RTP does without.
                default -> write(picture, unit, MAX_LENGTH_OCTETS);
            }
        }
        configure(sequences, pictures);
        return picture.toByteArray();
    }

    private static void write(ByteArrayOutputStream to, byte[] unit, int lengthOctets) {
        for (int i = lengthOctets - 1; i >= 0; i--) {
            to.write(unit.length >> (8 * i));
        }
        to.write(unit, 0, unit.length);
    }

    /** New ones stand for all there were. */
    private void configure(List<byte[]> sequences, List<byte[]> pictures) {
        boolean whole = !sequences.isEmpty()
                && !pictures.isEmpty()
                && sequences.size() <= MAX_SEQUENCE_SETS
                && pictures.size() <= MAX_PICTURE_SETS
                && sequences.get(0).length >= MAX_LENGTH_OCTETS
                && sequences.stream().allMatch(set -> set.length <= MAX_SET_BYTES)
                && pictures.stream().allMatch(set -> set.length <= MAX_SET_BYTES);
        if (!whole) {
            return;
        }
        ByteArrayOutputStream record = new ByteArrayOutputStream();
        record.write(1);
        record.write(sequences.get(0), 1, 3); // Profile, constraints, level.
        record.write(0xFF);
        record.write(0xE0 | sequences.size());
        sequences.forEach(set -> write(record, set, Short.BYTES));
        record.write(pictures.size());
        pictures.forEach(set -> write(record, set, Short.BYTES));
        configuration = record.toByteArray();
    }
}
