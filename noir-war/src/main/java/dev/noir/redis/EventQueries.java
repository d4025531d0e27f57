package dev.noir.redis;

import dev.noir.room.RoomException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of Redis about events, over the connections of look-ups: if it is refused, nothing else is held to be so. Thread: any;
 * blocks, and throws {@link RoomException} UNAVAILABLE.
 */
record EventQueries(RedisLookups lookups) {
    /** An empty list for Redis's null. */
    Object ask(RedisLane.Question question) {
        Object reply = askAll(List.of(question)).get(0);
        if (reply instanceof RedisUnavailable e) {
            throw unavailable(e);
        }
        return reply == null ? List.of() : reply;
    }

    /** For each the reply, or a {@link RedisUnavailable}. */
    List<@Nullable Object> askAll(List<? extends RedisLane.Question> questions) {
        try {
            return lookups.askAll(
                    questions.stream().map(RedisLane.Refusable::new).toList());
        } catch (RedisUnavailable e) {
            throw unavailable(e);
        }
    }

    private static RoomException unavailable(RedisUnavailable e) {
        return new RoomException(RoomException.Code.UNAVAILABLE, "events can't be looked up now; try again", e);
    }
}
