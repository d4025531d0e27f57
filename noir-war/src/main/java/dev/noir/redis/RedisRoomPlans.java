package dev.noir.redis;

import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomPlan;
import dev.noir.room.RoomPlans;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/**
 * Plans in Redis: a key for each room, and a sorted set of those rooms, since Redis has no way to list keys that a cluster of it
 * could bear. The set comes first and goes last: a room in it may have no plan, none is missing. Thread: any; blocks.
 */
final class RedisRoomPlans implements RoomPlans {
    private static final Logger LOG = System.getLogger(RedisRoomPlans.class.getName());

    private final RedisCommands store;

    RedisRoomPlans(RedisCommands store) {
        this.store = store;
    }

    /** One that cannot be read counts as none, as it does when the room is opened. */
    @Override
    public Optional<RoomPlan> plan(RoomId room) {
        String key = RedisKeys.options(room);
        Optional<Object> text = available(() -> store.run(key, command(Protocol.Command.GET, key)));
        try {
            return text.map(json -> RoomPlanJson.parse(RedisStore.text(json)));
        } catch (IllegalArgumentException e) {
            LOG.log(Level.WARNING, "{0} cannot be used: {1}", key, e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public boolean addPlan(RoomId room, RoomPlan plan) {
        list(room);
        String key = RedisKeys.options(room);
        CommandArguments set =
                command(Protocol.Command.SET, key).add(RoomPlanJson.write(plan)).add("NX");
        return available(() -> store.run(key, set)).isPresent();
    }

    @Override
    public void savePlan(RoomId room, RoomPlan plan) {
        list(room);
        String key = RedisKeys.options(room);
        available(() -> store.run(key, command(Protocol.Command.SET, key).add(RoomPlanJson.write(plan))));
    }

    private void list(RoomId room) {
        String last = Integer.toString(MAX_PLANS);
        boolean full = available(() -> store.run(
                        RedisKeys.PLANS,
                        command(Protocol.Command.ZRANGE, RedisKeys.PLANS)
                                .add(last)
                                .add(last)))
                .filter(reply -> !((List<?>) reply).isEmpty())
                .isPresent();
        if (full) {
            throw new RoomException(RoomException.Code.TOO_MANY, "too many rooms have been laid down");
        }
        available(() -> store.run(
                RedisKeys.PLANS,
                command(Protocol.Command.ZADD, RedisKeys.PLANS).add("0").add(room.value())));
    }

    @Override
    public boolean removePlan(RoomId room) {
        String key = RedisKeys.options(room);
        boolean removed = available(() -> store.run(key, command(Protocol.Command.DEL, key)))
                .filter(Long.valueOf(1)::equals)
                .isPresent();
        available(() -> store.run(
                RedisKeys.PLANS, command(Protocol.Command.ZREM, RedisKeys.PLANS).add(room.value())));
        return removed;
    }

    @Override
    public List<RoomId> plans(String after, int limit) {
        CommandArguments range = command(Protocol.Command.ZRANGE, RedisKeys.PLANS)
                .add(after.isEmpty() ? "-" : "(" + after)
                .add("+")
                .add("BYLEX")
                .add("LIMIT")
                .add("0")
                .add(Integer.toString(limit));
        List<?> names =
                (List<?>) available(() -> store.run(RedisKeys.PLANS, range)).orElse(List.of());
        return names.stream()
                .map(name -> new String((byte[]) name, StandardCharsets.UTF_8))
                .flatMap(name -> room(name).stream())
                .toList();
    }

    /** Others can write there, too. */
    private static Optional<RoomId> room(String name) {
        try {
            return Optional.of(new RoomId(name));
        } catch (RoomException e) {
            return Optional.empty();
        }
    }

    private static CommandArguments command(Protocol.Command command, String key) {
        return new CommandArguments(command).add(key);
    }

    private static <T> T available(Supplier<T> question) {
        try {
            return question.get();
        } catch (RedisUnavailable e) {
            throw new RoomException(
                    RoomException.Code.UNAVAILABLE,
                    "what is laid down for rooms can't be read or kept now; try again",
                    e);
        }
    }
}
