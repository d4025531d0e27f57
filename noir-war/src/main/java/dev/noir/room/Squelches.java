package dev.noir.room;

import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose media is not forwarded. Immutable, and bounded: of too many the oldest are dropped.
 *
 * @param kinds all of somebody's tracks of these kinds, to come ones too
 * @param streams somebody's streams
 * @param allBut of each kind here: everybody's but theirs
 */
public record Squelches(
        Map<Subject, Set<Medium>> kinds, Map<Subject, Set<String>> streams, Map<Medium, Set<Subject>> allBut) {
    public static final Squelches NONE = new Squelches(Map.of(), Map.of(), Map.of());

    static final int MAX_SUBJECTS = 1000;
    static final int MAX_STREAMS = 64;

    public Squelches {
        kinds = bounded(kinds);
        streams = bounded(streams);
        allBut = Collections.unmodifiableMap(new LinkedHashMap<>(allBut));
    }

    /** Without what is empty, and the newest only. */
    private static <V> Map<Subject, Set<V>> bounded(Map<Subject, Set<V>> map) {
        Map<Subject, Set<V>> copy = new LinkedHashMap<>();
        map.forEach((subject, set) -> {
            if (!set.isEmpty()) {
                copy.put(subject, newest(set, MAX_STREAMS));
            }
        });
        while (copy.size() > MAX_SUBJECTS) {
            copy.remove(copy.keySet().iterator().next());
        }
        return Collections.unmodifiableMap(copy);
    }

    private static <V> Set<V> newest(Set<V> set, int max) {
        Set<V> copy = new LinkedHashSet<>(set);
        while (copy.size() > max) {
            copy.remove(copy.iterator().next());
        }
        return Collections.unmodifiableSet(copy);
    }

    /** What is laid down for this one by name, whatever holds for everybody. */
    Set<Medium> ownKindsOf(Subject subject) {
        return kinds.getOrDefault(subject, Set.of());
    }

    Set<Medium> kindsOf(Subject subject) {
        EnumSet<Medium> found = EnumSet.noneOf(Medium.class);
        found.addAll(ownKindsOf(subject));
        allBut.forEach((medium, spared) -> {
            if (!spared.contains(subject)) {
                found.add(medium);
            }
        });
        return found;
    }

    Set<String> streamsOf(Subject subject) {
        return streams.getOrDefault(subject, Set.of());
    }

    /** Somebody's media of these kinds. */
    Squelches with(Subject subject, Set<Medium> media) {
        Map<Medium, Set<Subject>> others = change(allBut, media, spared -> without(spared, subject));
        return new Squelches(put(kinds, subject, plus(kinds.get(subject), media)), streams, others);
    }

    /** And no rule for everybody holds for it any more. */
    Squelches without(Subject subject, Set<Medium> media) {
        Set<Medium> left = new LinkedHashSet<>(kinds.getOrDefault(subject, Set.of()));
        left.removeAll(media);
        Map<Subject, Set<String>> otherStreams =
                media.containsAll(Medium.ALL) ? put(streams, subject, Set.of()) : streams;
        return new Squelches(
                put(kinds, subject, left),
                otherStreams,
                change(allBut, media, spared -> newest(plus(spared, Set.of(subject)), MAX_SUBJECTS)));
    }

    Squelches withStream(Subject subject, String stream) {
        return new Squelches(kinds, put(streams, subject, plus(streams.get(subject), Set.of(stream))), allBut);
    }

    Squelches withoutStream(Subject subject, String stream) {
        return new Squelches(kinds, put(streams, subject, without(streamsOf(subject), stream)), allBut);
    }

    /** Everybody's media of these kinds but that one's. */
    Squelches withAllBut(Subject spared, Set<Medium> media) {
        Map<Medium, Set<Subject>> others = new EnumMap<>(Medium.class);
        others.putAll(allBut);
        media.forEach(medium -> others.put(medium, Set.of(spared)));
        Squelches next = new Squelches(kinds, streams, others);
        return next.without(spared, media);
    }

    /** The rule for everybody ends; what holds for single ones goes on. */
    Squelches withoutAllBut(Set<Medium> media) {
        Map<Medium, Set<Subject>> others = new EnumMap<>(Medium.class);
        others.putAll(allBut);
        others.keySet().removeAll(media);
        return new Squelches(kinds, streams, others);
    }

    private interface Change {
        Set<Subject> of(Set<Subject> spared);
    }

    private static Map<Medium, Set<Subject>> change(Map<Medium, Set<Subject>> map, Set<Medium> media, Change change) {
        Map<Medium, Set<Subject>> copy = new EnumMap<>(Medium.class);
        map.forEach((medium, spared) -> copy.put(medium, media.contains(medium) ? change.of(spared) : spared));
        return copy;
    }

    private static <V> Map<Subject, Set<V>> put(Map<Subject, Set<V>> map, Subject subject, Set<V> value) {
        Map<Subject, Set<V>> copy = new LinkedHashMap<>(map);
        copy.remove(subject); // The newest stands last.
        copy.put(subject, value);
        return copy;
    }

    private static <V> Set<V> plus(@Nullable Set<V> set, Set<V> more) {
        Set<V> copy = new LinkedHashSet<>(set == null ? Set.of() : set);
        copy.addAll(more);
        return copy;
    }

    private static <V> Set<V> without(Set<V> set, V less) {
        Set<V> copy = new LinkedHashSet<>(set);
        copy.remove(less);
        return copy;
    }
}
