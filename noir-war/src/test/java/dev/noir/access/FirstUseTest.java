package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class FirstUseTest {
    /** Not before it is used, not again when it has been found, and again when it has not. */
    @Test
    void looksOnceAndNotBefore() {
        AtomicInteger looks = new AtomicInteger();
        FirstUse<String> part = new FirstUse<>(() -> {
            if (looks.incrementAndGet() == 1) {
                throw new IllegalStateException("too early");
            }
            return "part " + looks;
        });
        assertEquals(0, looks.get());
        assertThrows(IllegalStateException.class, part::get);
        assertEquals("part 2", part.get());
        assertEquals("part 2", part.get());
        assertEquals(2, looks.get());
    }
}
