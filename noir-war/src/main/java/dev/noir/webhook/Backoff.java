package dev.noir.webhook;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.random.RandomGenerator;

/** How long to wait after a failure: about a second at first, twice that each time, five minutes at most, by chance a half less. */
final class Backoff {
    static final Duration LONGEST = Duration.ofMinutes(5);

    /** What a receiver may ask for. */
    static final Duration LONGEST_ASKED = Duration.ofHours(1);

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final int MAX_DOUBLINGS = 20;

    private Backoff() {}

    /**
     * @param failures in a row, this one included
     * @param retryAfter of the answer, RFC 9110 §10.2.3: seconds or a date; anything else is ignored
     */
    static Duration after(int failures, String retryAfter, Instant now, RandomGenerator random) {
        Duration doubled = FIRST.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
        long longest = Math.min(doubled.toMillis(), LONGEST.toMillis());
        Duration wait = Duration.ofMillis(longest / 2 + random.nextLong(longest / 2 + 1));
        Duration asked = asked(retryAfter, now);
        return asked.compareTo(wait) > 0 ? asked : wait;
    }

    private static Duration asked(String retryAfter, Instant now) {
        try {
            Duration asked = retryAfter.matches("[0-9]{1,9}")
                    ? Duration.ofSeconds(Long.parseLong(retryAfter))
                    : Duration.between(
                            now,
                            ZonedDateTime.parse(retryAfter, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant());
            return asked.compareTo(LONGEST_ASKED) < 0 ? asked : LONGEST_ASKED;
        } catch (DateTimeParseException | ArithmeticException e) {
            return Duration.ZERO;
        }
    }
}
