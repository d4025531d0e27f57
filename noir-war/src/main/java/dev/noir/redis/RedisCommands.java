package dev.noir.redis;

import java.util.List;
import java.util.Optional;
import redis.clients.jedis.CommandArguments;

/** What the registry and the directory ask of Redis. Thread: any; blocks, and throws {@link RedisUnavailable}. */
interface RedisCommands {
    /** Whether it can be asked. Does not block. */
    boolean isOpen();

    /** Runs the script. */
    Object eval(RedisStore.Call call);

    /** Runs them in any order; the results in the order of the calls. */
    default List<Object> evalAll(List<RedisStore.Call> calls) {
        return calls.stream().map(this::eval).toList();
    }

    /** Any other command, for the key. Empty for Redis's null. */
    Optional<Object> run(String key, CommandArguments command);
}
