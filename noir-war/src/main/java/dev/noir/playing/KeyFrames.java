package dev.noir.playing;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Where in a file its reading can begin, as far as that has been seen: by time, not every place but enough. Thread: one at a time. */
final class KeyFrames<P> {
    private static final int MAX_PLACES = 1 << 14;
    private static final long MIN_DISTANCE_NANOS = 1_000_000_000L;

    private final NavigableMap<Long, P> places = new TreeMap<>();

    /** One has been seen. */
    void add(long nanos, P place) {
        Map.Entry<Long, P> before = places.floorEntry(nanos);
        if (places.size() < MAX_PLACES && (before == null || nanos - before.getKey() >= MIN_DISTANCE_NANOS)) {
            places.put(nanos, place);
        }
    }

    /** The last at or before that time; null: none is known. */
    @Nullable
    P before(long nanos) {
        Map.Entry<Long, P> found = places.floorEntry(nanos);
        return found == null ? null : found.getValue();
    }

    void clear() {
        places.clear();
    }
}
