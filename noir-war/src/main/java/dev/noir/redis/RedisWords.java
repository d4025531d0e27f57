package dev.noir.redis;

import java.util.List;
import redis.clients.jedis.exceptions.JedisDataException;

/** What Redis's errors mean. Their first word is a code; that of what happens inside a script comes later, before Redis 7. */
final class RedisWords {
    private static final List<String> ABOUT_THE_SERVER = List.of(
            "READONLY",
            "LOADING",
            "OOM",
            "NOAUTH",
            "NOPERM",
            "BUSY",
            "CLUSTERDOWN",
            "MASTERDOWN",
            "UNBLOCKED",
            "MISCONF",
            "NOREPLICAS",
            "UNKILLABLE",
            "MOVED",
            "ERR The user executing the script can't run", // Instead of NOPERM, inside one.
            "ERR max number of clients");

    private RedisWords() {}

    /** It is so with whatever is asked of it, as far as we can know; otherwise it is about what was asked. */
    static boolean isAboutTheServer(JedisDataException error) {
        String message = String.valueOf(error.getMessage());
        return ABOUT_THE_SERVER.stream()
                .anyMatch(word -> message.startsWith(word)
                        || (message.startsWith("ERR Error running script") && message.contains("-" + word + " ")));
    }
}
