package dev.noir.bots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.room.FakeScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** When a bot for those who wait is there. */
final class AttendanceTest {
    private final FakeScheduler scheduler = new FakeScheduler();
    private final FakeWorker.Source source = new FakeWorker.Source();
    private final List<BotOrder> doors = new ArrayList<>();
    private final BotWorkers workers = new BotWorkers(
            source,
            order -> {
                doors.add(order);
                return new BotWords.Door("ws://a/ws", "t");
            },
            1000,
            Runnable::run,
            scheduler);
    private CompletionStage<Integer> waiting = CompletableFuture.completedFuture(0);
    private final BotRun run =
            Attendance.begin(workers, new BotOrder("announcer", "r", "u", Map.of()), () -> waiting, scheduler);

    private void wait(int count) {
        waiting = CompletableFuture.completedFuture(count);
        look();
    }

    /** Until it has looked again; its process is well. */
    private void look() {
        if (workers.counts().workers() > 0) {
            source.last().says("{'is':'alive'}");
        }
        scheduler.advance(Attendance.LOOK);
    }

    private void stay(int looks) {
        for (int i = 0; i < looks; i++) {
            look();
        }
    }

    private int bots() {
        return workers.counts().bots();
    }

    private void says(String what) {
        source.last().says(what);
    }

    @Test
    void itComesWithTheFirstWhoWaits() {
        assertEquals(0, bots());
        assertTrue(run.isIdle());
        assertEquals("nobody waits in the lobby", run.says());
        wait(1);
        assertEquals(1, bots());
        assertFalse(run.isIdle());
        assertFalse(run.isJoined());
        says("{'is':'ready'}");
        says("{'is':'joined','bot':'b1'}");
        assertTrue(run.isJoined());
        assertEquals("", run.says());
        assertEquals(List.of(true), doors.stream().map(BotOrder::attends).toList());
        wait(3);
        assertEquals(1, bots());
    }

    @Test
    void itStaysForAMinuteAfterTheLast() {
        wait(1);
        says("{'is':'ready'}");
        wait(0);
        int looks = (int) (Attendance.STAY.toSeconds() / Attendance.LOOK.toSeconds());
        stay(looks - 2);
        assertEquals(1, bots());
        wait(1);
        wait(0);
        stay(looks - 2);
        assertEquals(1, bots());
        look();
        assertEquals(0, bots());
        assertTrue(run.isIdle());
        assertFalse(run.over().toCompletableFuture().isDone());
        wait(1);
        assertEquals(1, bots());
    }

    /** That of the room's host, or of the store. */
    @Test
    void noAnswerIsNobody() {
        wait(1);
        says("{'is':'ready'}");
        waiting = CompletableFuture.failedFuture(new IllegalStateException("expected by this test"));
        stay((int) (Attendance.STAY.toSeconds() / Attendance.LOOK.toSeconds()));
        assertEquals(0, bots());
    }

    @Test
    void whatHasBeenSaidIsSaidAgainToWhoComesNext() {
        wait(2);
        says("{'is':'ready'}");
        says("{'is':'joined','bot':'b1'}");
        says("{'is':'over','bot':'b1','failed':false,'again':false,'why':''}");
        stay(3);
        assertEquals(0, bots());
        wait(3);
        assertEquals(1, bots());
        says("{'is':'over','bot':'b2','failed':false,'again':false,'why':''}");
        wait(1);
        assertEquals(0, bots());
        wait(2);
        assertEquals(1, bots());
    }

    @Test
    void oneThatFailsIsTheEnd() {
        wait(1);
        says("{'is':'ready'}");
        says("{'is':'over','bot':'b1','failed':true,'again':false,'why':'no such file'}");
        CompletionException failure = assertThrows(
                CompletionException.class,
                () -> run.over().toCompletableFuture().join());
        assertEquals("no such file", failure.getCause().getMessage());
        stay(3);
        assertEquals(0, bots());
    }

    @Test
    void stoppedItGoesAndLooksNoMore() {
        wait(1);
        run.stop();
        run.over().toCompletableFuture().join();
        assertEquals(0, bots());
        look();
        wait(5);
        assertEquals(0, bots());
    }
}
