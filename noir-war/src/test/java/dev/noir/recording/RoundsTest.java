package dev.noir.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.room.FakeScheduler;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

final class RoundsTest {
    private final FakeScheduler scheduler = new FakeScheduler();
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final Rounds rounds = new Rounds(scheduler, threads::add);
    private final Rounds.Lane one = rounds.lane("one");
    private final Rounds.Lane other = rounds.lane("other");
    private final List<String> done = new ArrayList<>();

    private void runThreads() {
        for (Runnable task = threads.poll(); task != null; task = threads.poll()) {
            task.run();
        }
    }

    @Test
    void whatWaitsIsDoneTogether() {
        for (int i = 0; i < 10; i++) {
            String name = "one " + i;
            one.execute(() -> done.add(name));
        }
        other.execute(() -> done.add("other"));
        scheduler.advance(Rounds.INTERVAL.minus(Duration.ofNanos(1)));
        assertEquals(0, threads.size());

        scheduler.advance(Duration.ofNanos(1));
        assertEquals(2, threads.size(), "a thread is woken once for each");
        runThreads();
        assertEquals(11, done.size());
        assertEquals("one 0", done.get(0));
        assertEquals("one 9", done.get(9));
    }

    @Test
    void whereNothingWaitsThereIsNoRound() {
        one.execute(() -> done.add("a"));
        scheduler.advance(Rounds.INTERVAL);
        runThreads();
        assertEquals(0, scheduler.pending());

        one.execute(() -> done.add("b"));
        scheduler.advance(Rounds.INTERVAL);
        runThreads();
        assertEquals(List.of("a", "b"), done);
    }

    @Test
    void aRoundNowKeepsTheOrder() {
        one.execute(() -> done.add("a"));
        rounds.round();
        one.execute(() -> done.add("b"));
        runThreads();
        assertEquals(List.of("a"), done);

        scheduler.advance(Rounds.INTERVAL.multipliedBy(2));
        runThreads();
        assertEquals(List.of("a", "b"), done);
    }

    @Test
    void aTaskThatFailsDoesNotTakeOthersWithIt() {
        one.execute(() -> {
            throw new IllegalStateException("expected by this test");
        });
        one.execute(() -> done.add("a"));
        rounds.round();
        runThreads();
        assertEquals(List.of("a"), done);
    }
}
