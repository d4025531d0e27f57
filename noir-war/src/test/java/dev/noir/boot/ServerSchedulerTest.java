package dev.noir.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.noir.room.Scheduler;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ServerSchedulerTest {

    /** As the schedulers of servers do, it keeps what has been cancelled until its time has come. */
    @Test
    void aCancelledTaskIsLetGoOf() throws InterruptedException {
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1);
        try {
            byte[] held = new byte[1024];
            WeakReference<byte[]> seen = new WeakReference<>(held);
            Scheduler.Timer timer = new ServerScheduler(pool).schedule(Duration.ofHours(1), printing(held));
            timer.cancel();
            held = null;

            assertEquals(1, pool.getQueue().size());
            for (int i = 0; i < 100 && seen.get() != null; i++) {
                System.gc();
            }
            assertNull(seen.get());
        } finally {
            pool.shutdownNow();
        }
    }

    private static Runnable printing(byte[] held) {
        return () -> System.out.println(held.length);
    }

    /** The server's scheduler goes on when noiR is undeployed. */
    @Test
    void nothingIsToComeOnceClosed() {
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1);
        pool.setRemoveOnCancelPolicy(true);
        try {
            ServerScheduler scheduler = new ServerScheduler(pool);
            scheduler.schedule(Duration.ofHours(1), () -> {});
            scheduler.close();
            assertEquals(0, pool.getQueue().size());
            scheduler.schedule(Duration.ofHours(1), () -> {}).cancel();
            scheduler.schedule(Duration.ofHours(1), () -> {});
            assertEquals(0, pool.getQueue().size());
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void runsATaskOnceInItsTime() throws InterruptedException {
        ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(1);
        try {
            AtomicInteger runs = new AtomicInteger();
            CountDownLatch ran = new CountDownLatch(1);
            Scheduler.Timer timer = new ServerScheduler(pool).schedule(Duration.ofMillis(1), () -> {
                runs.incrementAndGet();
                ran.countDown();
            });
            ran.await(10, TimeUnit.SECONDS);
            timer.cancel();

            assertEquals(1, runs.get());
        } finally {
            pool.shutdownNow();
        }
    }
}
