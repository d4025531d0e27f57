package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class SerialExecutorTest {
    @Test
    void runsTasksInOrderAndOutlivesAFailingOne() {
        SerialExecutor serial = new SerialExecutor("test", Runnable::run);
        List<Integer> ran = new ArrayList<>();
        serial.execute(() -> {
            serial.execute(() -> ran.add(2));
            ran.add(1);
            throw new IllegalStateException("expected by this test");
        });
        serial.execute(() -> ran.add(3));

        assertEquals(List.of(1, 2, 3), ran);
    }

    @Test
    void takesManyForOneTurn() {
        List<Runnable> turns = new ArrayList<>();
        SerialExecutor serial = new SerialExecutor("test", turns::add);
        List<Integer> ran = new ArrayList<>();
        serial.executeAll(List.of());
        assertEquals(0, turns.size());

        serial.executeAll(List.of(() -> ran.add(1), () -> ran.add(2)));
        serial.execute(() -> ran.add(3));
        assertEquals(1, turns.size());
        turns.get(0).run();
        assertEquals(List.of(1, 2, 3), ran);
    }

    @Test
    void outlivesAnError() {
        SerialExecutor serial = new SerialExecutor("test", Runnable::run);
        List<Integer> ran = new ArrayList<>();
        serial.execute(() -> {
            serial.execute(() -> ran.add(1));
            throw new NoClassDefFoundError("expected by this test");
        });
        serial.execute(() -> ran.add(2));

        assertEquals(List.of(1, 2), ran);
    }

    @Test
    void asksForAThreadAgainAfterARefusal() {
        assertAsksAgain(() -> {
            throw new RejectedExecutionException("expected by this test");
        });
    }

    /** The system has no thread left. */
    @Test
    void asksForAThreadAgainAfterAnError() {
        assertAsksAgain(() -> {
            throw new OutOfMemoryError("expected by this test");
        });
    }

    private static void assertAsksAgain(Runnable refusal) {
        Queue<Runnable> turns = new ArrayDeque<>();
        boolean[] full = {true};
        SerialExecutor serial = new SerialExecutor("test", turn -> {
            if (full[0]) {
                refusal.run();
            }
            turns.add(turn);
        });
        List<Integer> ran = new ArrayList<>();
        serial.execute(() -> ran.add(1));
        full[0] = false;
        serial.execute(() -> ran.add(2));
        turns.remove().run();

        assertEquals(List.of(1, 2), ran);
    }

    @Test
    void refusesWhatIsOfferedBeyondItsLimitAndDoesWhatMustBeDone() {
        Queue<Runnable> turns = new ArrayDeque<>();
        SerialExecutor serial = new SerialExecutor("test", turns::add);
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < SerialExecutor.MAX_OFFERED; i++) {
            assertTrue(serial.offer(() -> ran.add(0)));
        }
        assertFalse(serial.offer(() -> ran.add(1)));
        serial.execute(() -> ran.add(2));
        while (!turns.isEmpty()) {
            turns.remove().run();
        }

        assertEquals(SerialExecutor.MAX_OFFERED + 1, ran.size());
        assertEquals(2, ran.get(SerialExecutor.MAX_OFFERED));
        assertTrue(serial.offer(() -> ran.add(3)));
    }

    @Test
    void givesTheThreadBackNowAndThen() {
        Queue<Runnable> turns = new ArrayDeque<>();
        SerialExecutor serial = new SerialExecutor("test", turns::add);
        List<Integer> ran = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            serial.execute(() -> ran.add(number));
        }
        assertEquals(1, turns.size());
        turns.remove().run();
        assertTrue(ran.size() < 100);
        assertEquals(1, turns.size());
        turns.remove().run();
        assertEquals(100, ran.size());
        assertTrue(turns.isEmpty());
    }

    @Test
    void neverRunsTwoAtATime() throws InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            SerialExecutor serial = new SerialExecutor("test", threads);
            int[] unguarded = new int[1];
            CountDownLatch done = new CountDownLatch(4000);
            for (int i = 0; i < 4; i++) {
                threads.execute(() -> {
                    for (int j = 0; j < 1000; j++) {
                        serial.execute(() -> {
                            unguarded[0]++;
                            done.countDown();
                        });
                    }
                });
            }
            assertTrue(done.await(10, TimeUnit.SECONDS));
            assertEquals(4000, unguarded[0]);
        } finally {
            threads.shutdownNow();
        }
    }
}
