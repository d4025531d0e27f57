package dev.noir.playing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A box of ISO's base media file format (ISO/IEC 14496-12 §4.2) in memory. What is not there is an error in words. Thread: any. */
final class Mp4Box {
    private static final int HEAD_BYTES = 8;
    private static final int MAX_CHILDREN = 10_000;

    private final byte[] bytes;
    private final int type;
    private final int from;
    private final int to;

    private Mp4Box(byte[] bytes, int type, int from, int to) {
        this.bytes = bytes;
        this.type = type;
        this.from = from;
        this.to = to;
    }

    /** @param content without size and type */
    static Mp4Box of(int type, byte[] content) {
        return new Mp4Box(content, type, 0, content.length);
    }

    /** A type as it is read. */
    static int type(String name) {
        int type = 0;
        for (int i = 0; i < name.length(); i++) {
            type = type << Byte.SIZE | name.charAt(i);
        }
        return type;
    }

    int type() {
        return type;
    }

    /** Of its content, in bytes. */
    int size() {
        return to - from;
    }

    /**
     * A number of it, without a sign.
     *
     * @param octets 1 to 8; of 8, one with its highest bit set is broken: nothing here is that large
     */
    long number(int at, int octets) throws MediaFileException {
        if (at < 0 || at > size() - octets) {
            throw broken();
        }
        long value = 0;
        for (int i = from + at; i < from + at + octets; i++) {
            value = value << Byte.SIZE | (bytes[i] & 0xFF);
        }
        if (value < 0) {
            throw broken();
        }
        return value;
    }

    /** The same of four octets, with a sign. */
    int signed(int at) throws MediaFileException {
        return (int) number(at, Integer.BYTES);
    }

    /** The version of a box that has one. */
    int version() throws MediaFileException {
        return (int) number(0, 1);
    }

    /** How many octets a time has in it, of which the version decides. */
    int timeOctets() throws MediaFileException {
        return version() == 1 ? Long.BYTES : Integer.BYTES;
    }

    /** Its flags. */
    int flags() throws MediaFileException {
        return (int) number(1, 3);
    }

    /** The rest of it. */
    byte[] bytes(int at) throws MediaFileException {
        if (at > size()) {
            throw broken();
        }
        return Arrays.copyOfRange(bytes, from + at, to);
    }

    /** The boxes in it, from there on. */
    List<Mp4Box> children(int at) throws MediaFileException {
        List<Mp4Box> children = new ArrayList<>();
        long next = at;
        while (size() - next >= HEAD_BYTES) { // Some end in four zeros.
            int start = (int) next;
            long length = number(start, Integer.BYTES);
            int head = HEAD_BYTES;
            if (length == 1) {
                length = number(start + HEAD_BYTES, Long.BYTES);
                head += Long.BYTES;
            } else if (length == 0) {
                length = size() - next;
            }
            if (length < head || length > size() - next || children.size() == MAX_CHILDREN) {
                throw broken();
            }
            int begin = from + start;
            children.add(new Mp4Box(bytes, signed(start + Integer.BYTES), begin + head, begin + (int) length));
            next += length;
        }
        return children;
    }

    List<Mp4Box> all(String name) throws MediaFileException {
        int wanted = type(name);
        return children(0).stream().filter(child -> child.type == wanted).toList();
    }

    /** The first of that name in the first of the one before it, and so on. */
    Optional<Mp4Box> find(String... names) throws MediaFileException {
        Mp4Box box = this;
        for (String name : names) {
            List<Mp4Box> found = box.all(name);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            box = found.get(0);
        }
        return Optional.of(box);
    }

    /** The same of what has to be there. */
    Mp4Box get(String... names) throws MediaFileException {
        Optional<Mp4Box> found = find(names);
        if (found.isEmpty()) {
            throw new MediaFileException("the file lacks the box " + String.join("/", names));
        }
        return found.get();
    }

    MediaFileException broken() {
        return new MediaFileException("a box of the file is broken: " + Printable.fourCharacters(type));
    }
}
