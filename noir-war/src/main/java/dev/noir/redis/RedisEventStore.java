package dev.noir.redis;

import dev.noir.eventlog.Attendance;
import dev.noir.eventlog.EventBatch;
import dev.noir.eventlog.EventStore;
import dev.noir.eventlog.LogLimits;
import dev.noir.eventlog.LoggedEvent;
import dev.noir.eventlog.Roll;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/**
 * Logs as streams, and rolls as hashes beside each room's lease, so that one script sees whether who writes may. Over the
 * connections of look-ups: Redis is asked only after leases are in force again. Thread: any; blocks.
 */
final class RedisEventStore implements EventStore {
    private static final Logger LOG = System.getLogger(RedisEventStore.class.getName());

    // The first element of what append.lua returns.
    private static final int DEPOSED = -1;
    private static final int ELSEWHERE = 0;

    // What abandoned.lua returns.
    private static final Long CLOSED = 0L;
    private static final Long ABANDONED = 2L;

    // Given.
    private final EventQueries redis;
    private final Function<RoomLease, List<String>> fence;
    private final String length;
    private final String keep;

    /** @param fence see {@link RedisRoomDirectory#fence} */
    RedisEventStore(RedisLookups redis, Function<RoomLease, List<String>> fence, LogLimits limits) {
        this.redis = new EventQueries(redis);
        this.fence = fence;
        this.length = Integer.toString(limits.length());
        this.keep = Long.toString(limits.keep().toMillis());
    }

    @Override
    public Optional<Roll> open(RoomLease lease) {
        List<?> reply = (List<?>) redis.ask(call(lease, List.of()));
        if (number(reply, 0) == DEPOSED) {
            return Optional.empty();
        }
        List<String> fields = new ArrayList<>();
        reply.subList(1, reply.size()).forEach(value -> fields.add(RedisStore.text(value)));
        return Optional.of(RollRecord.read(fields));
    }

    @Override
    public List<Written> append(List<EventBatch> batches) {
        List<RedisLane.Question> questions = new ArrayList<>(batches.size() + 1);
        questions.add(index(batches));
        batches.forEach(batch -> questions.add(call(batch.lease(), arguments(batch))));
        List<@Nullable Object> replies = redis.askAll(questions);
        List<Written> results = new ArrayList<>(batches.size());
        for (int i = 0; i < batches.size(); i++) {
            results.add(written(batches.get(i), replies.get(i + 1)));
        }
        return results;
    }

    /** Before they are written: whoever looks a moment too early looks again, see {@link #written(Duration)}. */
    private RedisStore.Call index(List<EventBatch> batches) {
        Set<String> arguments = new LinkedHashSet<>();
        batches.forEach(batch -> arguments.add(batch.lease().room().value()));
        List<String> all = new ArrayList<>(List.of(keep));
        all.addAll(arguments);
        return new RedisStore.Call(LuaScript.INDEX, List.of(RedisKeys.EVENT_ROOMS, RedisKeys.OPEN_ROOMS), all);
    }

    private RedisStore.Call call(RoomLease lease, List<String> more) {
        RoomId room = lease.room();
        List<String> arguments = new ArrayList<>(fence.apply(lease));
        arguments.add(keep);
        arguments.addAll(more);
        return new RedisStore.Call(
                LuaScript.APPEND,
                List.of(RedisKeys.lease(room), RedisKeys.epoch(room), RedisKeys.log(room), RedisKeys.roll(room)),
                arguments);
    }

    private List<String> arguments(EventBatch batch) {
        Map<String, Optional<Attendance>> changed = batch.changed();
        List<String> arguments = new ArrayList<>(List.of(
                Long.toString(batch.before()),
                batch.anew() ? "1" : "",
                length,
                Integer.toString(changed.size() + 1),
                RollRecord.OPEN,
                batch.open() ? "1" : ""));
        changed.forEach((name, attendance) -> {
            arguments.add(RollRecord.PEER + name);
            arguments.add(attendance.map(RollRecord::write).orElse(""));
        });
        for (LoggedEvent event : batch.events()) {
            arguments.add(Long.toString(event.time().toEpochMilli()));
            arguments.add(event.type());
            arguments.add(event.json());
        }
        return arguments;
    }

    private static Written written(EventBatch batch, @Nullable Object reply) {
        if (!(reply instanceof List<?> values)) {
            LOG.log(
                    Level.DEBUG,
                    "{0}: events are not written: {1}",
                    batch.lease().room(),
                    reply);
            return new Written(Outcome.FAILED, 0);
        }
        return switch ((int) number(values, 0)) {
            case DEPOSED -> new Written(Outcome.DEPOSED, 0);
            case ELSEWHERE -> new Written(Outcome.ELSEWHERE, number(values, 1));
            default ->
                new Written(Outcome.WRITTEN, batch.before() + batch.events().size());
        };
    }

    private static long number(List<?> reply, int index) {
        return (Long) reply.get(index);
    }

    @Override
    public List<LoggedEvent> read(RoomId room, long from, int limit) {
        String key = RedisKeys.log(room);
        List<?> entries = (List<?>) redis.ask(new RedisLane.Plain(
                key,
                new CommandArguments(Protocol.Command.XRANGE)
                        .add(key)
                        .add(Long.toString(from))
                        .add("+")
                        .add("COUNT")
                        .add(limit)));
        List<LoggedEvent> events = new ArrayList<>(entries.size());
        entries.forEach(entry -> events.add(event(room, (List<?>) entry)));
        return events;
    }

    private static LoggedEvent event(RoomId room, List<?> entry) {
        String id = RedisStore.text(entry.get(0));
        List<?> values = (List<?>) entry.get(1);
        Map<String, String> fields = new HashMap<>();
        for (int i = 0; i + 1 < values.size(); i += 2) {
            fields.put(RedisStore.text(values.get(i)), RedisStore.text(values.get(i + 1)));
        }
        return new LoggedEvent(
                room.value(),
                Long.parseLong(id.substring(0, id.indexOf('-'))),
                Instant.ofEpochMilli(Long.parseLong(fields.getOrDefault("time", "0"))),
                fields.getOrDefault("type", ""),
                fields.getOrDefault("json", "{}"));
    }

    @Override
    public List<RoomId> abandoned() {
        List<RoomId> open = open(List.of());
        List<@Nullable Object> states = redis.askAll(open.stream()
                .map(room -> new RedisStore.Call(
                        LuaScript.ABANDONED, List.of(RedisKeys.lease(room), RedisKeys.roll(room)), List.of()))
                .toList());
        List<RoomId> abandoned = new ArrayList<>();
        List<RoomId> closed = new ArrayList<>();
        for (int i = 0; i < open.size(); i++) {
            if (ABANDONED.equals(states.get(i))) {
                abandoned.add(open.get(i));
            } else if (CLOSED.equals(states.get(i))) {
                closed.add(open.get(i));
            }
        }
        if (!closed.isEmpty()) {
            open(closed);
        }
        return abandoned;
    }

    /** Those that are not closed. */
    private List<RoomId> open(List<RoomId> closed) {
        List<?> rooms = (List<?>) redis.ask(new RedisStore.Call(
                LuaScript.OPEN,
                List.of(RedisKeys.OPEN_ROOMS),
                closed.stream().map(RoomId::value).toList()));
        return rooms.stream().map(RedisStore::text).map(RoomId::new).toList();
    }

    @Override
    public List<RoomId> written(Duration within) {
        List<?> rooms = (List<?>) redis.ask(new RedisStore.Call(
                LuaScript.INDEXED, List.of(RedisKeys.EVENT_ROOMS), List.of(Long.toString(within.toMillis()))));
        return rooms.stream().map(RedisStore::text).map(RoomId::new).toList();
    }
}
