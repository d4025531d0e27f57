package dev.noir.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class PatientExecutorTest {
    private final ScheduledExecutorService scheduler = Executors.newScheduledThreadPool(1);
    private final AtomicInteger refusals = new AtomicInteger();
    private final Executor none = task -> {
        throw new RejectedExecutionException("expected by this test");
    };

    @AfterEach
    void end() {
        scheduler.shutdownNow();
    }

    @Test
    void noTaskIsLostToAServerThatIsFullForAMoment() throws InterruptedException {
        PatientExecutor patient = new PatientExecutor(
                task -> {
                    switch (refusals.incrementAndGet()) {
                        case 1 -> throw new RejectedExecutionException("expected by this test");
                        case 2 -> throw new OutOfMemoryError("expected by this test");
                        default -> task.run();
                    }
                },
                none,
                scheduler);
        CountDownLatch done = new CountDownLatch(1);
        patient.execute(done::countDown);

        assertTrue(done.await(10, TimeUnit.SECONDS));
        assertEquals(3, refusals.get());
    }

    /** As WildFly is from the first moment of its end. */
    @Test
    void aSuspendedServerIsDoneWithout() {
        PatientExecutor patient = new PatientExecutor(none, Runnable::run, scheduler);
        patient.execute(refusals::incrementAndGet);

        assertEquals(1, refusals.get());
    }

    @Test
    void nothingIsOfferedAgainAfterTheEnd() {
        PatientExecutor patient = new PatientExecutor(none, none, scheduler);
        patient.close();

        assertThrows(RejectedExecutionException.class, () -> patient.execute(refusals::incrementAndGet));
    }
}
