package dev.noir.recording;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** Reads boxes (ISO/IEC 14496-12) as strictly as a test can: what does not fit is an error. */
final class BoxReader {
    private static final Set<String> CONTAINERS =
            Set.of("moov", "trak", "mdia", "minf", "dinf", "stbl", "mvex", "moof", "traf", "mfra");

    /**
     * One box.
     *
     * @param position of its size in the file
     * @param children empty unless it has nothing else
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Box(String type, int position, byte[] content, List<Box> children) {
        List<Box> all(String wanted) {
            return children.stream().filter(child -> child.type.equals(wanted)).toList();
        }

        Box only(String wanted) {
            List<Box> found = all(wanted);
            if (found.size() != 1) {
                throw new AssertionError(found.size() + " boxes " + wanted + " in " + type);
            }
            return found.get(0);
        }

        /** The first of them in the first of them and so on. */
        Box at(String... path) {
            Box found = this;
            for (String step : path) {
                found = found.all(step).get(0);
            }
            return found;
        }

        long number(int at, int length) {
            long value = 0;
            for (int i = at; i < at + length; i++) {
                value = (value << 8) | (content[i] & 0xFF);
            }
            return value;
        }

        String hex() {
            return HexFormat.of().formatHex(content);
        }
    }

    private BoxReader() {}

    /** The boxes of a whole file; a last one that is not whole is left out when {@code cut}. */
    static List<Box> read(byte[] file, boolean cut) {
        return read(file, 0, file.length, cut);
    }

    private static List<Box> read(byte[] file, int from, int to, boolean cut) {
        List<Box> boxes = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(file);
        int at = from;
        while (at < to) {
            int size = to - at < 8 ? -1 : bytes.getInt(at);
            if (size < 8 || size > to - at) {
                if (cut && (size < 0 || size >= 8)) {
                    return boxes;
                }
                throw new AssertionError("box of " + size + " bytes at " + at + ", where " + (to - at) + " are");
            }
            String type = new String(file, at + 4, 4, StandardCharsets.US_ASCII);
            List<Box> children = CONTAINERS.contains(type) ? read(file, at + 8, at + size, false) : List.of();
            boxes.add(new Box(type, at, Arrays.copyOfRange(file, at + 8, at + size), children));
            at += size;
        }
        return boxes;
    }
}
