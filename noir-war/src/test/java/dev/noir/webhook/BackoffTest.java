package dev.noir.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BackoffTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private static Duration after(int failures, String retryAfter) {
        return Backoff.after(failures, retryAfter, NOW, new Random(failures));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "5, 16", "9, 256", "10, 300", "1000000, 300"})
    void waitsLongerEachTimeAndNotAllAtOnce(int failures, int seconds) {
        Duration wait = after(failures, "");

        assertTrue(wait.toMillis() >= seconds * 500L && wait.toMillis() <= seconds * 1000L, wait.toString());
    }

    @Test
    void receiversMaySayWhen() {
        assertEquals(Duration.ofMinutes(2), after(1, "120"));
        assertEquals(Duration.ofSeconds(90), after(1, "Sun, 01 Mar 2026 10:01:30 GMT"));
        assertEquals(Backoff.LONGEST_ASKED, after(1, "999999999"));
        assertEquals(Backoff.LONGEST_ASKED, after(1, "Mon, 01 Mar 2100 10:01:30 GMT"));
    }

    @ParameterizedTest
    @CsvSource({"-1", "soon", "1e9", "''", "99999999999999999999", "'Sun, 01 Mar 1970 10:01:30 GMT'"})
    void whatIsNoTimeIsIgnored(String retryAfter) {
        assertTrue(after(1, retryAfter).compareTo(Duration.ofSeconds(1)) <= 0);
    }
}
