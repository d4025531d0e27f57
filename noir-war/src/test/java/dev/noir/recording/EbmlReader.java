package dev.noir.recording;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads EBML (RFC 8794) as strictly as a test can: what does not fit is an error. */
final class EbmlReader {
    /**
     * One element.
     *
     * @param position of its id in the file
     * @param children empty unless it is a master
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Element(int id, int position, byte[] content, List<Element> children) {
        List<Element> all(int wanted) {
            return children.stream().filter(child -> child.id == wanted).toList();
        }

        Element only(int wanted) {
            List<Element> found = all(wanted);
            if (found.size() != 1) {
                throw new AssertionError(found.size() + " elements " + Integer.toHexString(wanted));
            }
            return found.get(0);
        }

        long number() {
            long value = 0;
            for (byte b : content) {
                value = (value << 8) | (b & 0xFF);
            }
            return value;
        }
    }

    static final int SEGMENT = 0x18538067;
    private static final Set<Integer> MASTERS = Set.of(
            0x1A45DFA3,
            SEGMENT,
            0x114D9B74,
            0x4DBB,
            0x1549A966,
            0x1654AE6B,
            0xAE,
            0xE0,
            0xE1,
            0x1F43B675,
            0x1C53BB6B,
            0xBB,
            0xB7);
    private static final long UNKNOWN = 0x00FFFFFFFFFFFFFFL;

    private EbmlReader() {}

    /** The elements of a whole file; a last one that is not whole is left out when {@code cut}. */
    static List<Element> read(byte[] file, boolean cut) {
        return read(file, 0, file.length, cut);
    }

    private static List<Element> read(byte[] file, int from, int to, boolean cut) {
        List<Element> elements = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(file);
        bytes.position(from);
        while (bytes.position() < to) {
            int start = bytes.position();
            if (cut && to - start < 12) {
                return elements;
            }
            int id = (int) vint(bytes, false);
            long size = vint(bytes, true);
            int begin = bytes.position();
            boolean unknown = size == UNKNOWN;
            if (!unknown && size > to - begin) {
                if (cut) {
                    return elements;
                }
                throw new AssertionError(Integer.toHexString(id) + " at " + start + " is longer than what it is in");
            }
            int end = unknown ? to : begin + (int) size;
            List<Element> children =
                    MASTERS.contains(id) ? read(file, begin, end, cut && (unknown || end == to)) : List.of();
            elements.add(new Element(id, start, java.util.Arrays.copyOfRange(file, begin, end), children));
            bytes.position(end);
        }
        return elements;
    }

    private static long vint(ByteBuffer bytes, boolean withoutMarker) {
        int first = bytes.get() & 0xFF;
        if (first == 0) {
            throw new AssertionError("no length at " + (bytes.position() - 1));
        }
        int length = Integer.numberOfLeadingZeros(first) - 24 + 1;
        long value = withoutMarker ? first & (0xFF >> length) : first;
        for (int i = 1; i < length; i++) {
            value = (value << 8) | (bytes.get() & 0xFF);
        }
        return value;
    }
}
