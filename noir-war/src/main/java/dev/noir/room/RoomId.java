package dev.noir.room;

import java.util.Arrays;
import java.util.Comparator;

/** Name of a room, the wire's {@code sid}. Opaque and compared exactly. */
public record RoomId(String value) {
    /** By code points, which is by octets of UTF-8: as stores sort. */
    public static final Comparator<RoomId> ORDER = (a, b) -> Arrays.compare(points(a.value), points(b.value));

    public RoomId {
        NameRules.check("sid", value);
    }

    private static int[] points(String text) {
        return text.codePoints().toArray();
    }

    @Override
    public String toString() {
        return value;
    }
}
