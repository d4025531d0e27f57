package dev.noir.recording;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Bytes in memory that become more. Numbers are big-endian. Thread: one at a time. */
final class Octets {
    private byte[] bytes;
    private int size;

    /** @param room for so many before it has to grow, 1 or more */
    Octets(int room) {
        bytes = new byte[room];
    }

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

    /** Adds the last so many bytes of a number. */
    void number(long value, int length) {
        grow(length);
        size += length;
        replace(size - length, value, length);
    }

    /** Writes a number over what stands there. */
    void replace(int at, long value, int length) {
        for (int i = 0; i < length; i++) {
            bytes[at + i] = (byte) (value >> (Byte.SIZE * (length - 1 - i)));
        }
    }

    void zeros(int count) {
        grow(count);
        Arrays.fill(bytes, size, size + count, (byte) 0);
        size += count;
    }

    void add(byte[] value) {
        add(value, value.length);
    }

    /** All of them. */
    void add(Octets others) {
        add(others.bytes, others.size);
    }

    private void add(byte[] value, int length) {
        grow(length);
        System.arraycopy(value, 0, bytes, size, length);
        size += length;
    }

    private void grow(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), 2 * bytes.length));
        }
    }
}
