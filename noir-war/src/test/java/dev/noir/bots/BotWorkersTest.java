package dev.noir.bots;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.room.FakeScheduler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

final class BotWorkersTest {
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int RECYCLE = 4;

    private final FakeScheduler scheduler = new FakeScheduler();
    private final FakeWorker.Source source = new FakeWorker.Source();
    private int tokens;
    private BotWorkers workers = recycling(1000);

    private BotWorkers recycling(int bots) {
        return new BotWorkers(
                source, order -> new BotWords.Door("ws://a/ws", "t" + ++tokens), bots, Runnable::run, scheduler);
    }

    private BotRun start() {
        return workers.start(new BotOrder("echo", "r", "u", Map.of()));
    }

    private static String order(String id, int token) {
        return "{'do':'start','bot':'" + id + "','kind':'echo','url':'ws://a/ws','token':'t" + token
                + "','room':'r','uid':'u','options':{}}";
    }

    private FakeWorker ready() {
        source.last().says("{'is':'ready'}");
        return source.last();
    }

    private static boolean isDone(BotRun run) {
        return run.over().toCompletableFuture().isDone();
    }

    private static String failure(BotRun run) {
        return assertThrows(
                        CompletionException.class,
                        () -> run.over().toCompletableFuture().join())
                .getCause()
                .getMessage();
    }

    /** Heartbeats come. */
    private void pass(int seconds, FakeWorker... alive) {
        for (int i = 0; i < seconds; i++) {
            for (FakeWorker worker : alive) {
                worker.says("{'is':'alive'}");
            }
            scheduler.advance(SECOND);
        }
    }

    @Test
    void aBotIsStartedWhenItsProcessIsReadyAndIsOverWhenItHasLeft() {
        BotRun run = start();
        FakeWorker worker = source.last();
        assertEquals(List.of(), worker.takeTold());
        ready();
        assertEquals(List.of(order("b1", 1)), worker.takeTold());
        assertFalse(run.isJoined());
        worker.says("{'is':'joined','bot':'b1'}");
        assertTrue(run.isJoined());
        assertFalse(isDone(run));
        worker.says("{'is':'over','bot':'b1','failed':false,'again':false,'why':''}");
        assertTrue(isDone(run));
        run.over().toCompletableFuture().join();
        assertEquals(new BotWorkers.Counts(1, 0, 1, 0, 0, 0, 0), workers.counts());
    }

    @Test
    void oneThatIsStoppedLeavesAndHasNotFailed() {
        BotRun run = start();
        FakeWorker worker = ready();
        worker.takeTold();
        run.stop();
        assertEquals(List.of("{'do':'stop','bot':'b1'}"), worker.takeTold());
        run.over().toCompletableFuture().join();
        BotRun early = start();
        early.stop();
        worker.says("{'is':'over','bot':'b1','failed':true,'again':true,'why':'late'}");
        assertEquals(0, workers.counts().rejoins());
    }

    @Test
    void whatMakesNoSenseAgainHasFailed() {
        BotRun run = start();
        ready().says("{'is':'over','bot':'b1','failed':true,'again':false,'why':'banned'}");
        assertEquals("banned", failure(run));
    }

    /** 1, 2, 4 … 30 s; then it is given up. */
    @Test
    void whatIsLostJoinsAgainEachTimeAfterALongerWhile() {
        BotRun run = start();
        FakeWorker worker = ready();
        List<Integer> waits = new ArrayList<>();
        while (!isDone(run) && waits.size() < 100) {
            worker.takeTold();
            worker.says("{'is':'over','bot':'b1','failed':true,'again':true,'why':'no media'}");
            int seconds = 0;
            while (worker.told.isEmpty() && !isDone(run) && seconds < 100) {
                pass(1, worker);
                seconds++;
            }
            waits.add(seconds);
        }
        assertEquals(List.of(1, 2, 4, 8, 16, 30, 30, 30, 30, 30), waits.subList(0, Stay.MAX_ATTEMPTS));
        assertEquals("no media", failure(run));
    }

    @Test
    void whoHasBeenThereForAMinuteBeginsAgainWithASecond() {
        BotRun run = start();
        FakeWorker worker = ready();
        for (int i = 0; i < 2 * Stay.MAX_ATTEMPTS; i++) {
            worker.says("{'is':'joined','bot':'b1'}");
            pass(60, worker);
            worker.takeTold();
            worker.says("{'is':'over','bot':'b1','failed':true,'again':true,'why':'1006'}");
            pass(1, worker);
            assertEquals(1, worker.told.size());
        }
        assertFalse(isDone(run));
    }

    /** By the password that it has been told, with a token of its own, and without waiting; so when its process ends later. */
    @Test
    void whoIsAskedIntoAnotherRoomGoesOnThere() {
        BotRun run = start();
        FakeWorker worker = ready();
        worker.takeTold();
        worker.says("{'is':'over','bot':'b1','failed':false,'again':false,'why':'','room':'s','password':'p'}");
        String there = order("b1", 2).replace("'room':'r'", "'room':'s'").replace("{}}", "{},'password':'p'}");
        assertEquals(List.of(there), worker.takeTold());
        assertFalse(isDone(run));
        assertFalse(run.isJoined());
        worker.says("{'is':'joined','bot':'b1'}");
        assertEquals("moved to s", run.says());
        worker.listener.ended();
        pass(1);
        assertEquals(List.of(there.replace("'t2'", "'t3'")), ready().takeTold());
        run.stop();
        source.last().says("{'is':'over','bot':'b1','failed':false,'again':false,'why':'','room':'t'}");
        assertEquals(0, workers.counts().bots());
        assertEquals(1, workers.counts().rejoins());
    }

    @Test
    void theBotsOfAProcessThatEndsAndNoOthersComeBackInAnotherOne() {
        workers = recycling(RECYCLE);
        List<BotRun> lost = List.of(start(), start(), start(), start());
        FakeWorker first = ready();
        BotRun other = start();
        FakeWorker second = ready();
        second.says("{'is':'joined','bot':'b5'}");
        first.listener.ended();
        assertEquals(1, workers.counts().crashes());
        assertTrue(other.isJoined());
        assertEquals("its process has ended", lost.get(0).says());
        assertEquals("", other.says());
        pass(1, second);
        lost.forEach(run -> assertFalse(isDone(run)));
        assertEquals(List.of(order("b5", 5)), second.takeTold());
        assertEquals(4, source.started.size());
        ready();
        assertEquals(List.of(order("b3", 6), order("b4", 7)), source.last().takeTold());
    }

    /** By halves; what has happened to it then happens to no other. */
    @Test
    void theOneThatCrashesItsProcessIsAloneInTheEnd() {
        for (int i = 0; i < 5; i++) {
            start();
        }
        List<List<String>> together = new ArrayList<>();
        FakeWorker bad = ready();
        for (int crash = 0; crash < 4; crash++) {
            bad.listener.ended();
            int before = source.started.size();
            pass(30);
            for (FakeWorker fresh : source.started.subList(before, source.started.size())) {
                fresh.says("{'is':'ready'}");
                List<String> bots = fresh.takeTold().stream()
                        .map(line -> line.substring(21, 23))
                        .toList();
                together.add(bots);
                bad = bots.contains("b4") ? fresh : bad;
            }
        }
        assertEquals(
                List.of(
                        List.of("b1", "b2", "b3"),
                        List.of("b4", "b5"),
                        List.of("b4"),
                        List.of("b5"),
                        List.of("b4"),
                        List.of("b4")),
                together);
        BotRun other = start();
        ready().says("{'is':'joined','bot':'b6'}");
        bad.listener.ended();
        assertTrue(other.isJoined());
    }

    @Test
    void whoHasComeThroughIsNoSuspectAnyMore() {
        start();
        start();
        ready().listener.ended();
        pass(1);
        for (FakeWorker alone : source.started.subList(1, 3)) {
            alone.says("{'is':'ready'}");
        }
        FakeWorker second = source.started.get(1);
        second.says("{'is':'joined','bot':'b1'}");
        pass(60, second, source.last());
        second.says("{'is':'over','bot':'b1','failed':true,'again':true,'why':'1006'}");
        pass(1, second, source.last());
        ready();
        assertEquals(4, source.started.size());
        start();
        assertEquals(2, source.last().takeTold().size());
    }

    /** One that does not come up, for want of memory, say, would only be multiplied. */
    @Test
    void nobodyIsSuspectedOfAProcessThatHasNotBegun() {
        start();
        start();
        source.last().listener.ended();
        pass(1);
        ready();
        assertEquals(2, source.last().takeTold().size());
    }

    @Test
    void oneThatSaysNothingIsKilledWithinFiveSeconds() {
        start();
        FakeWorker worker = ready();
        pass(10, worker);
        assertFalse(worker.killed);
        pass(5);
        assertTrue(worker.killed);
        assertEquals(1, workers.counts().hangs());
        worker.listener.ended();
        assertEquals(1, workers.counts().crashes());
        pass(1);
        assertEquals(2, source.started.size());
    }

    @Test
    void oneMayTakeItsTimeToBegin() {
        start();
        pass(29);
        assertFalse(source.last().killed);
        pass(3);
        assertTrue(source.last().killed);
    }

    @Test
    void oneThatHasHadEnoughBotsEndsWithItsLastAndIsReplaced() {
        workers = recycling(RECYCLE);
        for (int i = 0; i < RECYCLE; i++) {
            start();
        }
        FakeWorker first = ready();
        start();
        FakeWorker second = ready();
        for (int i = 1; i < RECYCLE; i++) {
            first.says("{'is':'over','bot':'b" + i + "','failed':false,'again':false,'why':''}");
        }
        pass(2, first, second);
        assertFalse(first.ends);
        first.says("{'is':'over','bot':'b4','failed':false,'again':false,'why':''}");
        pass(1, first, second);
        assertTrue(first.ends);
        pass(4, second);
        assertTrue(first.killed, "it has been told to end, and did not");
        first.listener.ended();
        assertEquals(new BotWorkers.Counts(1, 1, 2, 0, 0, 1, 0), workers.counts());
    }

    @Test
    void oneWithoutBotsEndsAfterAMinuteAndSoDoesOneWhoseBotsDoNotLeave() {
        BotRun run = start();
        FakeWorker worker = ready();
        run.stop();
        pass(60, worker);
        assertFalse(worker.ends);
        pass(2, worker);
        assertTrue(worker.ends);
    }

    @Test
    void whatIsMissingIsSaidInWords() {
        BotRun run = start();
        source.last().says("{'is':'failed','why':'libraries of the system are missing: libX11.so.6'}");
        source.last().listener.ended();
        assertEquals("libraries of the system are missing: libX11.so.6", failure(run));
        source.broken = true;
        assertEquals("no process of bots can be started: there is no file bots.jar", failure(start()));
        assertEquals(0, workers.counts().workers());
    }

    @Test
    void whatIsNoWordOfAWorkerDoesNothing() {
        BotRun run = start();
        FakeWorker worker = ready();
        for (String line : List.of("", "{", "{}", "[]", "hello", "{'is':'fly'}", "{'is':7}", "{'is':'over'}")) {
            worker.says(line);
        }
        worker.says("{'is':'over','bot':'b2','failed':true,'again':false,'why':'x'}");
        assertFalse(isDone(run));
    }

    @Test
    void whenTheNodeEndsAllLeaveAndNoProcessStays() {
        BotRun run = start();
        FakeWorker worker = ready();
        workers.close();
        assertTrue(worker.ends);
        run.over().toCompletableFuture().join();
        assertEquals(new BotWorkers.Counts(0, 0, 1, 0, 0, 0, 0), workers.counts());
        start();
        assertEquals(1, source.started.size());
    }
}
