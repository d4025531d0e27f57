package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.exceptions.JedisDataException;

/** When to ask again, and who has to. */
final class RetryTest {
    @Test
    void pausesGrowUpToASecond() {
        assertEquals(
                "[100, 200, 400, 800, 1000, 1000]",
                Stream.iterate(new Retry(), Retry::next)
                        .limit(6)
                        .map(retry -> retry.pause().toMillis())
                        .toList()
                        .toString());
        assertFalse(new Retry().next().isTrouble());
        assertTrue(new Retry().next().next().isTrouble());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            READONLY You can't write against a read only replica.                                                | true
            ERR Error running script (call to f_1): @user_script:13: -OOM command not allowed when used memory    | true
            ERR Error running script (call to f_1): @user_script:13: @user_script: 13: -READONLY You can't write. | true
            ERR The user executing the script can't run this command or subcommand script: 5eb, on @user_script:2 | true
            ERR max number of clients reached                                                                     | true
            WRONGTYPE Operation against a key holding the wrong kind of value                                     | false
            ERR Error running script (call to f_1): @user_script:13: -WRONGTYPE Operation against a key           | false
            ERR value is not an integer or out of range                                                           | false
            """)
    void wordsAreAboutTheServerOrAboutAKey(String words, boolean aboutTheServer) {
        assertEquals(aboutTheServer, RedisWords.isAboutTheServer(new JedisDataException(words)));
    }
}
