package dev.noir.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.room.FakeScheduler;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FreedMemoryTest {
    private final FakeScheduler scheduler = new FakeScheduler();
    private final AtomicInteger released = new AtomicInteger();
    private final FreedMemory memory = new FreedMemory(scheduler, released::incrementAndGet);

    @Test
    void isReleasedWhenABurstIsOverAndOnceMoreAWhileLater() {
        for (int i = 0; i < 10; i++) {
            memory.changed();
            scheduler.advance(Duration.ofSeconds(2));
        }
        assertEquals(0, released.get());
        scheduler.advance(Duration.ofSeconds(4));
        assertEquals(1, released.get());
        scheduler.advance(Duration.ofSeconds(10));

        assertEquals(2, released.get());
        assertEquals(0, scheduler.pending());
    }

    @Test
    void isReleasedAgainAfterTheNext() {
        memory.changed();
        scheduler.advance(Duration.ofSeconds(4));
        memory.changed();
        scheduler.advance(Duration.ofSeconds(4));

        assertEquals(2, released.get());
    }

    @Test
    void isReleasedFromTimeToTimeWhileJoinsGoOn() {
        for (int second = 0; second < 180; second++) {
            memory.changed();
            scheduler.advance(Duration.ofSeconds(1));
        }
        assertEquals(5, released.get());
    }

    /** That the allocator does as it is told is its own tests' matter; that it can be told is ours. */
    @Test
    void nativeCodeCanRelease() {
        FreedMemory real = new FreedMemory(scheduler, (Executor) Runnable::run);
        real.changed();
        scheduler.advance(Duration.ofSeconds(20));

        assertEquals(0, scheduler.pending());
    }
}
