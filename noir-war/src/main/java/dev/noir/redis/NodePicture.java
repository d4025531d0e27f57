package dev.noir.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which lives of nodes this node holds to be going on, by what it has heard itself. A life ends when it says so, when another one
 * has begun under its id, or when nothing new was heard of it for a TTL by *this* node's clock. What is missing in Redis, or stands
 * there again, ends and begins nothing: only a heartbeat that was never seen before counts. So neither a store that lost all it
 * held, nor a clock that was set, nor who repeats old records, ends a life. Thread: the heartbeat's; {@link #isNews} any.
 */
final class NodePicture {
    /** As it stands in the store. */
    record Reported(NodeRecord record, Duration left) {}

    /**
     * A life that is going on.
     *
     * @param missed it was not in the store before its time; once for each heartbeat this gives it more time
     */
    private record Seen(NodeRecord record, long endNanos, boolean missed) {}

    private static final int LIVES_REMEMBERED = 1024;

    // What part of a TTL a record may be gone before its time, for what the two clocks and the way between them make.
    private static final int EARLY = 6;

    private static final long OVER = Long.MAX_VALUE;

    // Given.
    private final Duration ttl;

    // State.
    private final Map<String, Seen> going = new HashMap<>();

    // The last heartbeat known of a life that is not going on; OVER: nothing more comes of it. Any thread's.
    private final Map<String, Long> lastBeats = Collections.synchronizedMap(new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > LIVES_REMEMBERED;
        }
    });

    NodePicture(Duration ttl) {
        this.ttl = ttl;
    }

    /**
     * With a heartbeat of this node's: takes in what the store says of the others.
     *
     * @param unheard how long this node has not looked
     * @return whose lives have ended
     */
    List<NodeRecord> look(long nowNanos, Duration unheard, List<Reported> reported) {
        List<NodeRecord> gone = new ArrayList<>();
        for (Reported one : reported) {
            NodeRecord record = one.record;
            Seen before = going.get(record.info().id());
            if (before == null || !before.record.incarnation().equals(record.incarnation())) {
                begin(nowNanos, one).ifPresent(gone::add);
            } else if (record.left()) {
                end(before.record, OVER);
                gone.add(before.record);
            } else if (!record.counts()) {
                put(record, nowNanos + atMost(one.left, ttl).toNanos());
            } else if (record.beat() > before.record.beat()) {
                // It was written after this node looked last, whatever the store's clock says of it.
                Duration left = atMost(one.left, ttl);
                Duration least = ttl.minus(unheard);
                put(record, nowNanos + (left.compareTo(least) < 0 ? least : left).toNanos());
            }
        }
        doubtMissing(nowNanos, reported);
        for (Seen seen : List.copyOf(going.values())) {
            if (nowNanos - seen.endNanos >= 0) {
                end(seen.record, seen.record.beat());
                gone.add(seen.record);
            }
        }
        return gone;
    }

    /** Somebody has put it back. */
    private boolean isOld(NodeRecord record) {
        Seen seen = going.get(record.info().id());
        return seen != null
                && (!seen.record.incarnation().equals(record.incarnation()) || record.beat() < seen.record.beat());
    }

    /** Somebody has deleted it: perhaps with a heartbeat that nobody had seen. */
    private void doubtMissing(long nowNanos, List<Reported> reported) {
        Set<String> there = reported.stream()
                .filter(one -> !isOld(one.record))
                .map(one -> one.record.info().id())
                .collect(Collectors.toSet());
        long early = ttl.dividedBy(EARLY).toNanos();
        going.replaceAll((id, seen) -> there.contains(id) || seen.missed || nowNanos - seen.endNanos >= -early
                ? seen
                : new Seen(seen.record, nowNanos + ttl.toNanos(), true));
    }

    /** Returns the life before it. */
    private Optional<NodeRecord> begin(long nowNanos, Reported one) {
        NodeRecord record = one.record;
        if (record.left() || !isNews(record)) {
            return Optional.empty();
        }
        Seen before = going.get(record.info().id());
        if (before != null) {
            end(before.record, OVER);
        }
        put(record, nowNanos + atMost(one.left, ttl).toNanos());
        return Optional.ofNullable(before).map(Seen::record);
    }

    private void put(NodeRecord record, long endNanos) {
        going.put(record.info().id(), new Seen(record, endNanos, false));
    }

    private void end(NodeRecord record, long lastBeat) {
        going.remove(record.info().id());
        lastBeats.put(record.incarnation(), lastBeat);
    }

    private static Duration atMost(Duration left, Duration limit) {
        return left.compareTo(limit) > 0 ? limit : left;
    }

    /** Others could not be heard for a while: all get the time to be heard again. */
    void doubt(long nowNanos) {
        long end = nowNanos + ttl.toNanos();
        going.replaceAll((id, seen) -> seen.endNanos - end < 0 ? new Seen(seen.record, end, seen.missed) : seen);
    }

    /** Not a record of a life that is over, nor one that was seen before that life fell silent. */
    boolean isNews(NodeRecord record) {
        Long last = lastBeats.get(record.incarnation());
        return last == null || (record.counts() ? record.beat() > last : last != OVER);
    }

    /** Another one has begun under the node's id, or it has said so itself. */
    boolean isOver(String incarnation) {
        return Long.valueOf(OVER).equals(lastBeats.get(incarnation));
    }

    Map<String, NodeRecord> nodes() {
        Map<String, NodeRecord> nodes = new HashMap<>();
        going.forEach((id, seen) -> nodes.put(id, seen.record));
        return Map.copyOf(nodes);
    }

    /** When the next one ends if nothing is heard of it. */
    Optional<Duration> nextEnd(long nowNanos) {
        return going.values().stream()
                .map(seen -> Duration.ofNanos(seen.endNanos - nowNanos))
                .min(Duration::compareTo);
    }
}
