package dev.noir.eventlog;

import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Logs in memory, for a node alone; stores that share one are nodes that see each other's. Thread: any.
 */
public final class MemoryEventStore implements EventStore {
    /** Of all rooms, some 10 MB; the logs to which nothing was added for longest are forgotten. */
    static final int MAX_EVENTS = 20_000;

    private static final class Log {
        private final Deque<LoggedEvent> events = new ArrayDeque<>();
        private final Map<String, Attendance> peers = new HashMap<>();
        private long epoch;
        private long last;
        private boolean open;
        private long writtenNanos;
    }

    // Given.
    private final LogLimits limits;
    private final LongSupplier nanoTime;

    // State. Guarded by this; the one that was written last stands last.
    private final LinkedHashMap<RoomId, Log> logs = new LinkedHashMap<>();
    private int kept;

    /** @param nanoTime monotonic */
    public MemoryEventStore(LogLimits limits, LongSupplier nanoTime) {
        this.limits = limits;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized Optional<Roll> open(RoomLease lease) {
        Log log = touch(lease.room());
        if (log.epoch > lease.epoch()) {
            return Optional.empty();
        }
        log.epoch = lease.epoch();
        return Optional.of(new Roll(log.last, log.open, log.peers));
    }

    private Log touch(RoomId room) {
        Log known = logs.remove(room);
        Log log = known == null ? new Log() : known;
        log.writtenNanos = nanoTime.getAsLong();
        logs.put(room, log);
        return log;
    }

    @Override
    public synchronized List<Written> append(List<EventBatch> batches) {
        List<Written> results = new ArrayList<>();
        batches.forEach(batch -> results.add(append(batch)));
        forget();
        return results;
    }

    private Written append(EventBatch batch) {
        Log log = touch(batch.lease().room());
        if (log.epoch > batch.lease().epoch()) {
            return new Written(Outcome.DEPOSED, 0);
        }
        if (batch.anew() && log.last < batch.before()) {
            log.peers.clear();
        } else if (log.last != batch.before()) {
            return new Written(Outcome.ELSEWHERE, log.last);
        }
        log.epoch = batch.lease().epoch();
        log.last = batch.last();
        log.open = batch.open();
        log.events.addAll(batch.events());
        kept += batch.events().size();
        while (log.events.size() > limits.length()) {
            log.events.remove();
            kept--;
        }
        batch.changed()
                .forEach((name, attendance) ->
                        attendance.ifPresentOrElse(there -> log.peers.put(name, there), () -> log.peers.remove(name)));
        return new Written(Outcome.WRITTEN, log.last);
    }

    private void forget() {
        long now = nanoTime.getAsLong();
        while (!logs.isEmpty()) {
            Map.Entry<RoomId, Log> oldest = logs.entrySet().iterator().next();
            Log log = oldest.getValue();
            boolean old = now - log.writtenNanos > limits.keep().toNanos();
            if (!old && kept <= MAX_EVENTS) {
                return;
            }
            if (log.open) {
                kept -= log.events.size(); // Its numbers go on.
                log.events.clear();
                touch(oldest.getKey());
                if (kept <= MAX_EVENTS) {
                    return;
                }
            } else {
                kept -= log.events.size();
                logs.remove(oldest.getKey());
            }
        }
    }

    @Override
    public synchronized List<LoggedEvent> read(RoomId room, long from, int limit) {
        Log log = logs.get(room);
        if (log == null || from > log.last) {
            return List.of();
        }
        return log.events.stream()
                .filter(event -> event.number() >= from)
                .limit(limit)
                .toList();
    }

    @Override
    public synchronized List<RoomId> written(Duration within) {
        long now = nanoTime.getAsLong();
        return logs.entrySet().stream()
                .filter(log -> now - log.getValue().writtenNanos <= within.toNanos())
                .map(Map.Entry::getKey)
                .toList();
    }
}
