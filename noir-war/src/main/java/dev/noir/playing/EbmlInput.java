package dev.noir.playing;

import java.io.IOException;

/**
 * Elements of EBML (RFC 8794) in a file, one after the other. Ids are written as they stand in the RFCs, length marker included. Thread: one
 * at a time; it blocks.
 */
final class EbmlInput {
    /** Where something ends that does not say so. */
    static final long UNKNOWN = Long.MAX_VALUE;

    private static final int MAX_ID_OCTETS = 4;

    /**
     * One of them, whose content has not been read.
     *
     * @param start where its id is
     * @param content where its content begins
     * @param end where it ends; {@link #UNKNOWN}
     */
    record Element(int id, long start, long content, long end) {}

    // Given.
    private final FileBytes file;

    EbmlInput(FileBytes file) {
        this.file = file;
    }

    FileBytes file() {
        return file;
    }

    /** Whether there is one more in something that ends there. */
    boolean hasNext(long end) {
        return file.position() < end;
    }

    /**
     * The next.
     *
     * @param end of what it is in
     * @throws MediaFileException it is none, or longer than what it is in
     * @throws java.io.EOFException the file ends here
     */
    Element next(long end) throws IOException {
        long start = file.position();
        int first = file.octet();
        int octets = Integer.numberOfLeadingZeros(first) - (Integer.SIZE - Byte.SIZE) + 1;
        if (octets > MAX_ID_OCTETS) {
            throw MediaFileException.brokenAt(start);
        }
        int id = first << (Byte.SIZE * (octets - 1)) | (int) file.number(octets - 1);
        long size = size();
        long content = file.position();
        long last = size == UNKNOWN ? UNKNOWN : content + size;
        if (content > end || (last > end && size != UNKNOWN)) {
            throw MediaFileException.brokenAt(start);
        }
        return new Element(id, start, content, last);
    }

    /** A number that says how long it is itself (RFC 8794 §4); all its bits 1: {@link #UNKNOWN}. */
    long size() throws IOException {
        int first = file.octet();
        if (first == 0) {
            throw MediaFileException.brokenAt(file.position() - 1);
        }
        int octets = Integer.numberOfLeadingZeros(first) - (Integer.SIZE - Byte.SIZE) + 1;
        int more = Byte.SIZE * (octets - 1);
        long value = (long) (first & (0xFF >> octets)) << more | file.number(octets - 1);
        return value == (1L << (7 * octets)) - 1 ? UNKNOWN : value;
    }

    /** What has more than so many bytes, or does not say how many, cannot be what it says it is: its content need not be looked through. */
    static void limit(Element element, long max) throws MediaFileException {
        if (element.end() - element.content() > max) {
            throw MediaFileException.brokenAt(element.start());
        }
    }

    /** What comes after it is next. */
    void skip(Element element) throws MediaFileException {
        if (element.end() == UNKNOWN) {
            throw MediaFileException.brokenAt(element.start());
        }
        file.seek(element.end());
    }

    /** Its content; what has more than so many bytes cannot be what it says it is. */
    byte[] bytes(Element element, int max) throws IOException {
        limit(element, max);
        file.seek(element.content());
        return file.bytes((int) (element.end() - element.content()));
    }

    /** An unsigned number; one of 64 bits is broken when its highest bit is set: nothing here is that large. */
    long number(Element element) throws IOException {
        long value = 0;
        for (byte octet : bytes(element, Long.BYTES)) {
            value = value << Byte.SIZE | (octet & 0xFF);
        }
        if (value < 0) {
            throw MediaFileException.brokenAt(element.start());
        }
        return value;
    }

    /** A number with a fraction: in 4 bytes, in 8, or 0. */
    double real(Element element) throws IOException {
        byte[] bytes = bytes(element, Double.BYTES);
        long bits = 0;
        for (byte octet : bytes) {
            bits = bits << Byte.SIZE | (octet & 0xFF);
        }
        return switch (bytes.length) {
            case Float.BYTES -> Float.intBitsToFloat((int) bits);
            case Double.BYTES -> Double.longBitsToDouble(bits);
            default -> 0;
        };
    }
}
