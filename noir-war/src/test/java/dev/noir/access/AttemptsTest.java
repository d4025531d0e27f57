package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class AttemptsTest {
    @Test
    void areCountedByKeyAndWindow() {
        Attempts attempts = new Attempts(2, 100, 10);

        assertTrue(attempts.tryAdd("a", 0));
        assertTrue(attempts.tryAdd("a", 99));
        assertFalse(attempts.tryAdd("a", 99));
        assertTrue(attempts.tryAdd("b", 99));
        assertTrue(attempts.tryAdd("a", 100));
    }

    @Test
    void thoseQuietLongestAreForgottenFirst() {
        Attempts attempts = new Attempts(1, 100, 2);
        attempts.add("a", 0);
        attempts.add("b", 0);
        attempts.add("a", 1);
        attempts.add("c", 2);

        assertTrue(attempts.areUsedUp("a", 3));
        assertFalse(attempts.areUsedUp("b", 3));
        assertTrue(attempts.areUsedUp("c", 3));
    }

    @Test
    void zeroIsNoLimit() {
        Attempts attempts = new Attempts(0, 100, 2);
        attempts.add("a", 0);

        assertTrue(attempts.tryAdd("a", 0));
    }
}
