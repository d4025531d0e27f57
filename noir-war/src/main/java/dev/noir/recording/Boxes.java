package dev.noir.recording;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Boxes of ISO's base media file format (ISO/IEC 14496-12 §4.2), one after the other, in memory. Numbers are big-endian. Thread: one at a time. */
final class Boxes {
    private static final int HEAD_BYTES = 8;

    private final Octets octets = new Octets(1024);

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

    /** @param type four characters of ASCII */
    Boxes box(String type, Consumer<Boxes> content) {
        int at = size();
        head(type, 0);
        content.accept(this);
        replace(at, (long) size() - at, Integer.BYTES);
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
        octets.number(value, length);
        return this;
    }

    Boxes zeros(int count) {
        octets.zeros(count);
        return this;
    }

    Boxes raw(byte[] value) {
        octets.add(value);
        return this;
    }

    /** Writes a number over what stands there. */
    Boxes replace(int at, long value, int length) {
        octets.replace(at, value, length);
        return this;
    }
}
