package dev.noir.recording;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/** Boxes of ISO's base media file format (ISO/IEC 14496-12 §4.2), one after the other, in memory. Numbers are big-endian. Thread: one at a time. */
final class Boxes {
    private static final int HEAD_BYTES = 8;

    private byte[] bytes = new byte[1024];
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

    /** @param type four characters of ASCII */
    Boxes box(String type, Consumer<Boxes> content) {
        int at = size;
        head(type, 0);
        content.accept(this);
        replace(at, size - at, Integer.BYTES);
        return this;
    }

    /** A box with a version and flags (§4.2). */
    Boxes full(String type, int version, int flags, Consumer<Boxes> content) {
        return box(type, box -> {
            box.number(version, 1).number(flags, 3);
            content.accept(box);
        });
    }

    /** Size and type of a box whose content follows. */
    Boxes head(String type, long content) {
        return number(HEAD_BYTES + content, Integer.BYTES).characters(type);
    }

    /** Something to be written over later, 8 bytes or more with everything. */
    Boxes space(int whole) {
        return head("free", whole - (long) HEAD_BYTES).zeros(whole - HEAD_BYTES);
    }

    /** ASCII, as it is. */
    Boxes characters(String text) {
        return raw(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** The last so many bytes of a number. */
    Boxes number(long value, int length) {
        grow(length);
        size += length;
        return replace(size - length, value, length);
    }

    Boxes zeros(int count) {
        grow(count);
        Arrays.fill(bytes, size, size + count, (byte) 0);
        size += count;
        return this;
    }

    Boxes raw(byte[] value) {
        grow(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    /** Writes a number over what stands there. */
    Boxes replace(int at, long value, int length) {
        for (int i = 0; i < length; i++) {
            bytes[at + i] = (byte) (value >> (8 * (length - 1 - i)));
        }
        return this;
    }

    private void grow(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), 2 * bytes.length));
        }
    }
}
