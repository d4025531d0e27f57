package dev.noir.recording;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Elements of EBML (RFC 8794), one after the other, in memory. Ids are written as they stand in the RFCs, length marker included.
 * Thread: one at a time.
 */
final class Ebml {
    /** RFC 8794 §11.3.2. */
    static final int VOID = 0xEC;

    // RFC 8794 §6.2: all data bits one.
    private static final long UNKNOWN_SIZE = 0x01FFFFFFFFFFFFFFL;

    private static final int FLOAT_BYTES = 8;

    private final Octets octets = new Octets(256);

    int size() {
        return octets.size();
    }

    byte[] toBytes() {
        return octets.toBytes();
    }

    /** As {@link Octets#view}. */
    ByteBuffer view() {
        return octets.view();
    }

    void clear() {
        octets.clear();
    }

    /** @param value 0 or more */
    Ebml number(int id, long value) {
        int length = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 7) / 8);
        return head(id, length).raw(value, length);
    }

    /** RFC 8794 §7.1: with its sign, in 8 bytes. */
    Ebml signed(int id, long value) {
        return head(id, Long.BYTES).raw(value, Long.BYTES);
    }

    Ebml real(int id, double value) {
        return head(id, FLOAT_BYTES).raw(Double.doubleToLongBits(value), FLOAT_BYTES);
    }

    Ebml text(int id, String value) {
        return binary(id, value.getBytes(StandardCharsets.UTF_8));
    }

    Ebml binary(int id, byte[] value) {
        return head(id, value.length).raw(value);
    }

    /** An element of elements. */
    Ebml master(int id, Consumer<Ebml> content) {
        Ebml inner = new Ebml();
        content.accept(inner);
        head(id, inner.size());
        octets.add(inner.octets);
        return this;
    }

    /** The same whose end is not known yet: {@link #sizeOf} may be written over its size later. */
    Ebml open(int id) {
        return id(id).raw(UNKNOWN_SIZE, Long.BYTES);
    }

    /**
     * Says how long an element is that {@link #open} began, which ends here.
     *
     * @param content where it begins
     */
    void close(int content) {
        octets.replace(content - Long.BYTES, sizeBits((long) size() - content), Long.BYTES);
    }

    /** A size in 8 bytes. */
    static byte[] sizeOf(long size) {
        return new Ebml().raw(sizeBits(size), Long.BYTES).toBytes();
    }

    private static long sizeBits(long size) {
        return size | (1L << 56);
    }

    /**
     * Something to be written over later.
     *
     * @param whole its bytes with everything, 2 to 100
     */
    Ebml space(int whole) {
        return head(VOID, whole - 2).raw(new byte[whole - 2]);
    }

    /** Id and size of an element whose content follows. */
    Ebml head(int id, long length) {
        id(id);
        int width = 1;
        while (length >= (1L << (7 * width)) - 1) {
            width++;
        }
        return raw(length | (1L << (7 * width)), width);
    }

    private Ebml id(int id) {
        return raw(Integer.toUnsignedLong(id), (Integer.SIZE - Integer.numberOfLeadingZeros(id) + 7) / 8);
    }

    /** The last so many bytes of a number, big-endian. */
    Ebml raw(long value, int length) {
        octets.number(value, length);
        return this;
    }

    Ebml raw(byte[] value) {
        octets.add(value);
        return this;
    }
}
