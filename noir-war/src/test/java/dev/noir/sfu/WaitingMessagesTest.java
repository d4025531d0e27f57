package dev.noir.sfu;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class WaitingMessagesTest {
    private final WaitingMessages waiting = new WaitingMessages(new WaitingMessages.Limits(3, 100));

    @Test
    void areBoundedByTheirNumber() {
        for (int i = 0; i < 3; i++) {
            assertTrue(waiting.tryAdd(1));
        }
        assertFalse(waiting.tryAdd(1));
        waiting.remove(1);
        assertTrue(waiting.tryAdd(1));
    }

    @Test
    void areBoundedByTheirBytes() {
        assertTrue(waiting.tryAdd(90));
        assertFalse(waiting.tryAdd(11));
        assertTrue(waiting.tryAdd(10), "what was refused has taken nothing");
        waiting.remove(90);
        assertTrue(waiting.tryAdd(90));
    }
}
