package dev.noir.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class ContainerThreadsTest {

    @Test
    void leavesNoThreadBehind() throws Exception {
        ContainerThreads threads = ContainerThreads.ofOurOwn();
        Thread pooled = threads.executor().submit(Thread::currentThread).get();
        Thread scheduled = threads.scheduler()
                .schedule(Thread::currentThread, 0, TimeUnit.MILLISECONDS)
                .get();
        assertTrue(pooled.isAlive() && scheduled.isAlive());
        threads.close();
        assertFalse(pooled.isAlive() || scheduled.isAlive());
    }

    @Test
    void interruptsWhatPoolsStillRun() throws InterruptedException {
        ContainerThreads threads = ContainerThreads.ofOurOwn();
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        threads.executor().execute(() -> {
            running.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
        });
        running.await();
        threads.close();
        assertEquals(0, interrupted.getCount());
    }

    @Test
    void takesItsOwnThreadsWhereThereIsNoServer() throws ExecutionException, InterruptedException {
        try (ContainerThreads threads = ContainerThreads.ofServer()) {
            Thread thread = threads.executor().submit(Thread::currentThread).get();
            assertTrue(thread.getName().startsWith("noir-") && thread.isDaemon(), thread.toString());
        }
    }
}
