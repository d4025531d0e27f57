package dev.noir.restreaming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class BackOffTest {
    @Test
    void itDoublesUpToHalfAMinuteAndBeginsAnew() {
        BackOff backOff = new BackOff(() -> -1L); // As much as there is.
        assertEquals(
                "1 2 4 8 16 30 30 30",
                String.join(
                        " ",
                        Stream.generate(() ->
                                        Long.toString(Math.round(backOff.next().toMillis() / 1000.0)))
                                .limit(8)
                                .toList()));
        assertEquals(8, backOff.failures());
        backOff.reset();
        assertEquals(0, backOff.failures());
        assertTrue(backOff.next().compareTo(BackOff.FIRST) <= 0);
    }

    @Test
    void noTwoComeBackAtOnce() {
        BackOff backOff = new BackOff(new Random(1));
        long different =
                Stream.generate(backOff::next).limit(40).skip(10).distinct().count();
        assertEquals(30, different);
        for (int i = 0; i < 100_000; i++) {
            Duration wait = backOff.next();
            assertTrue(wait.toMillis() >= 22_500 && wait.compareTo(BackOff.LONGEST) <= 0, wait::toString);
        }
    }
}
