package dev.noir.playing;

import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A page of Ogg (RFC 3533 §6), whose checksum is right.
 *
 * @param start where it begins in the file
 * @param granule where in time its last whole packet ends, in the codec's measure; -1: none ends here
 * @param serial of the stream it belongs to
 * @param sequence counts the pages of that stream
 * @param lacing sizes that its packets are made of: each below 255 ends one
 */
@SuppressWarnings("ArrayRecordComponent") // Taken apart, never compared.
record OggPage(long start, int flags, long granule, int serial, int sequence, byte[] lacing, byte[] body) {
    static final int MAGIC = 0x4F676753; // OggS

    private static final int CONTINUED = 1;
    private static final int BEGIN = 2;
    private static final int END = 4;

    private static final int HEADER_BYTES = 27;
    private static final int CHECKSUM_AT = 22;
    private static final int POLYNOMIAL = 0x04C11DB7;
    private static final int[] CHECKSUMS = checksums();

    // That are passed over to find the next page: some pages.
    private static final int MAX_DAMAGE = 1 << 17;

    /**
     * The next page; what is damaged before it is passed over.
     *
     * @return null: there is none any more
     */
    static @Nullable OggPage next(FileBytes file) throws IOException {
        long from = file.position();
        try {
            for (long at = from; at < from + MAX_DAMAGE; at++) {
                file.seek(at);
                OggPage page = (int) file.number(Integer.BYTES) == MAGIC ? read(file, at) : null;
                if (page != null) {
                    return page;
                }
            }
        } catch (EOFException e) {
            return null;
        }
        throw new MediaFileException("the file is broken at byte " + from);
    }

    /** Null: it is damaged. */
    private static @Nullable OggPage read(FileBytes file, long start) throws IOException {
        int version = file.octet();
        int flags = file.octet();
        long granule = file.littleNumber(Long.BYTES);
        int serial = (int) file.littleNumber(Integer.BYTES);
        int sequence = (int) file.littleNumber(Integer.BYTES);
        int checksum = (int) file.littleNumber(Integer.BYTES);
        byte[] lacing = file.bytes(file.octet());
        int size = 0;
        for (byte each : lacing) {
            size += each & 0xFF;
        }
        byte[] body = file.bytes(size);
        file.seek(start);
        byte[] whole = file.bytes(HEADER_BYTES + lacing.length + size);
        return version == 0 && checksum(whole) == checksum
                ? new OggPage(start, flags, granule, serial, sequence, lacing, body)
                : null;
    }

    /** Of a whole page, in which the place of the checksum counts as zero. */
    static int checksum(byte[] page) {
        int sum = 0;
        for (int i = 0; i < page.length; i++) {
            int octet = i >= CHECKSUM_AT && i < CHECKSUM_AT + Integer.BYTES ? 0 : page[i];
            sum = sum << Byte.SIZE ^ CHECKSUMS[(sum >>> (Integer.SIZE - Byte.SIZE) ^ octet) & 0xFF];
        }
        return sum;
    }

    private static int[] checksums() {
        int[] table = new int[1 << Byte.SIZE];
        for (int i = 0; i < table.length; i++) {
            int sum = i << (Integer.SIZE - Byte.SIZE);
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                sum = sum < 0 ? sum << 1 ^ POLYNOMIAL : sum << 1;
            }
            table[i] = sum;
        }
        return table;
    }

    /** Its first bytes belong to a packet of the page before. */
    boolean isContinued() {
        return (flags & CONTINUED) != 0;
    }

    /** A stream begins with it. */
    boolean isFirst() {
        return (flags & BEGIN) != 0;
    }

    /** Its stream ends with it. */
    boolean isLast() {
        return (flags & END) != 0;
    }

    /** Whether a packet ends in it. */
    boolean endsPacket() {
        for (byte each : lacing) {
            if (each != (byte) 0xFF) {
                return true;
            }
        }
        return false;
    }
}
