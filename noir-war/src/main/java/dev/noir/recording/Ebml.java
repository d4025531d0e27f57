package dev.noir.recording;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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

    private byte[] bytes = new byte[256];
    private int size;

    int size() {
        return size;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    /** What is here, not copied: of no use any more after the next change. */
    ByteBuffer view() {
        return ByteBuffer.wrap(bytes, 0, size);
    }

    void clear() {
        size = 0;
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
        return head(id, inner.size).raw(inner.bytes, inner.size);
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
        System.arraycopy(sizeOf((long) size - content), 0, bytes, content - Long.BYTES, Long.BYTES);
    }

    /** A size in 8 bytes. */
    static byte[] sizeOf(long size) {
        return new Ebml().raw(size | (1L << 56), Long.BYTES).toBytes();
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
        grow(length);
        for (int i = length - 1; i >= 0; i--) {
            bytes[size++] = (byte) (value >> (8 * i));
        }
        return this;
    }

    Ebml raw(byte[] value) {
        return raw(value, value.length);
    }

    private Ebml raw(byte[] value, int length) {
        grow(length);
        System.arraycopy(value, 0, bytes, size, length);
        size += length;
        return this;
    }

    private void grow(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), 2 * bytes.length));
        }
    }
}
