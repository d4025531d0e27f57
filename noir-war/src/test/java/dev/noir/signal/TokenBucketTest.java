package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TokenBucketTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final TokenBucket bucket = new TokenBucket(3, 2, 0);

    @Test
    void allowsABurstThenTheRate() {
        assertTrue(bucket.tryTake(0) && bucket.tryTake(0) && bucket.tryTake(0));
        assertFalse(bucket.tryTake(0));
        assertTrue(bucket.tryTake(SECOND / 2));
        assertFalse(bucket.tryTake(SECOND / 2));
    }

    @Test
    void neverSavesMoreThanTheBurst() {
        long later = 1000 * SECOND;
        assertTrue(bucket.tryTake(later) && bucket.tryTake(later) && bucket.tryTake(later));
        assertFalse(bucket.tryTake(later));
    }
}
