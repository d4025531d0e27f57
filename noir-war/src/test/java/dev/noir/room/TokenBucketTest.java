package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TokenBucketTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final TokenBucket bucket = new TokenBucket(3, 2, 0);

    @Test
    void allowsABurstThenTheRate() {
        assertEquals(3, taken(0));
        assertTrue(bucket.tryTake(SECOND / 2));
        assertFalse(bucket.tryTake(SECOND / 2));
    }

    @Test
    void neverSavesMoreThanTheBurst() {
        long later = 1000 * SECOND;
        assertEquals(3, taken(later));
    }

    /** How many there are, all of which this takes. */
    private int taken(long now) {
        int taken = 0;
        while (bucket.tryTake(now)) {
            taken++;
        }
        return taken;
    }
}
