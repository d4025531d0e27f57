package dev.noir.playing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.playing.Player.Options;
import dev.noir.room.EncodedFrame;
import dev.noir.room.FakeScheduler;
import dev.noir.sdp.MediaKind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class PlayerTest {
    private static final Instant START = Instant.parse("2026-11-29T12:00:00Z");
    private static final long START_MS = START.toEpochMilli();

    /** A frame as the sink got it: when it was captured and when it came, in ms since the start. */
    private record Given(MediaKind kind, boolean key, long captured, long came) {}

    private final FakeScheduler time = new FakeScheduler();
    private final List<Given> given = new ArrayList<>();
    private final List<String> told = new ArrayList<>();

    // A disk that is slow when a test says so.
    private final Queue<Runnable> held = new ArrayDeque<>();
    private boolean slow;

    private final class Sink implements Player.Sink {
        @Override
        public void onTracks(List<SourceTrack> tracks) {
            told.add("tracks " + tracks.size());
        }

        @Override
        public void onFrame(SourceTrack track, EncodedFrame frame) {
            assertEquals(0, frame.captureMicros() % 1000);
            given.add(new Given(track.kind(), frame.key(), frame.captureMicros() / 1000 - START_MS, now()));
        }

        @Override
        public void onEnded() {
            told.add("ended " + now());
        }

        @Override
        public void onFailed(String words) {
            told.add("failed: " + words);
        }
    }

    private long now() {
        return time.nanoTime() / 1_000_000;
    }

    private Player player(FrameSource source, Options options) {
        return new Player(() -> source, options, time, () -> START.plusMillis(now()), this::execute, new Sink());
    }

    private void execute(Runnable task) {
        if (slow) {
            held.add(task);
        } else {
            task.run();
        }
    }

    private void release() {
        slow = false;
        for (Runnable task = held.poll(); task != null; task = held.poll()) {
            task.run();
        }
    }

    private void pass(long ms) {
        time.advance(Duration.ofMillis(ms));
    }

    private List<Long> captured(MediaKind kind) {
        return given.stream()
                .filter(each -> each.kind == kind)
                .map(Given::captured)
                .toList();
    }

    private static List<Long> every(long step, long from, long to) {
        return LongStream.iterate(from, at -> at < to, at -> at + step).boxed().toList();
    }

    private void assertOnTime() {
        assertFalse(given.isEmpty());
        given.forEach(each -> assertEquals(each.captured, each.came));
    }

    @Test
    void eachFrameComesWhenItIsDue() {
        player(FakeSource.both(3000), Options.ONCE).start();
        pass(5000);

        assertOnTime();
        assertEquals(every(40, 0, 3000), captured(MediaKind.VIDEO));
        assertEquals(every(20, 0, 3000), captured(MediaKind.AUDIO));
        assertEquals(List.of("tracks 2", "ended 3000"), told);
        assertEquals(0, time.pending());
    }

    @Test
    void repeatsFollowWithoutAGapOrAnOverlap() {
        FakeSource source = FakeSource.both(1000);
        player(source, new Options(2, Duration.ZERO, false)).start();
        pass(5000);

        assertOnTime();
        assertEquals(every(40, 0, 3000), captured(MediaKind.VIDEO));
        assertEquals(every(20, 0, 3000), captured(MediaKind.AUDIO));
        assertEquals(List.of("tracks 2", "ended 3000"), told);
        assertTrue(source.closed);
    }

    @Test
    void theLongerTrackSaysWhenTheNextRoundBegins() {
        FakeSource source = FakeSource.both(1000).sound(1000).sound(1020).sound(1040);
        player(source, new Options(1, Duration.ZERO, false)).start();
        pass(5000);

        assertOnTime();
        assertEquals(every(20, 0, 2120), captured(MediaKind.AUDIO));
        List<Long> pictures = new ArrayList<>(every(40, 0, 1000));
        pictures.addAll(every(40, 1060, 2060));
        assertEquals(pictures, captured(MediaKind.VIDEO));
    }

    @Test
    void forEverIsUntilItIsStopped() {
        FakeSource source = FakeSource.both(1000);
        Player player = player(source, new Options(Player.FOR_EVER, Duration.ZERO, false));
        player.start();
        pass(100_000);
        assertEquals(every(20, 0, 100_001), captured(MediaKind.AUDIO));

        player.stop();
        player.stop();
        pass(1000);
        assertEquals(5001, captured(MediaKind.AUDIO).size());
        assertEquals(List.of("tracks 2"), told);
        assertTrue(source.closed);
        assertEquals(0, time.pending());
    }

    @Test
    void aPauseMovesWhatComesAndTimeGoesOn() {
        Player player = player(FakeSource.both(1000), Options.ONCE);
        player.start();
        pass(490);
        player.pause();
        player.pause();
        pass(10_000);
        assertEquals(Duration.ofMillis(480), player.position());
        assertEquals(25, captured(MediaKind.AUDIO).size());

        player.resume();
        player.resume();
        pass(2000);
        List<Long> expected = new ArrayList<>(every(20, 0, 500));
        expected.addAll(every(20, 10_500, 11_000));
        assertEquals(expected, captured(MediaKind.AUDIO));
        assertOnTime();
        assertEquals(List.of("tracks 2", "ended 11000"), told);
    }

    @Test
    void whatBeginsPausedIsOpenedOnly() {
        Player player = player(FakeSource.both(1000), new Options(0, Duration.ofMillis(0), true));
        player.start();
        pass(3000);
        assertEquals(List.of("tracks 2"), told);
        assertEquals(List.of(), given);

        player.resume();
        pass(3000);
        assertEquals(every(20, 3000, 4000), captured(MediaKind.AUDIO));
        assertOnTime();
    }

    @Test
    void aSeekGoesOnAtOnceWithTheKeyFrameBefore() {
        Player player = player(FakeSource.both(5000), Options.ONCE);
        player.start();
        pass(500);
        player.seek(Duration.ofMillis(3500));
        assertEquals(Duration.ofSeconds(3), player.position());
        Given first = given.get(given.size() - 2);
        assertEquals(new Given(MediaKind.VIDEO, true, 500, 500), first);

        pass(3000);
        assertOnTime();
        List<Long> expected = new ArrayList<>(every(20, 0, 501));
        expected.addAll(every(20, 500, 2500));
        assertEquals(expected, captured(MediaKind.AUDIO));
        assertEquals("ended 2500", told.get(1));
    }

    @Test
    void aSeekTakesNoRoundAway() {
        Player player = player(FakeSource.both(1000), new Options(2, Duration.ZERO, false));
        player.start();
        pass(900); // The next round is being read.
        player.seek(Duration.ZERO);
        pass(10_000);

        assertEquals(0, player.repeats());
        assertEquals("ended 3900", told.get(1));
    }

    @Test
    void aSeekInAPauseShowsNothingYet() {
        Player player = player(FakeSource.both(5000), Options.ONCE);
        player.start();
        player.pause();
        int before = given.size();
        player.seek(Duration.ofSeconds(2));
        pass(1000);
        assertEquals(before, given.size());
        assertEquals(Duration.ofSeconds(2), player.position());

        player.resume();
        assertEquals(new Given(MediaKind.VIDEO, true, 1000, 1000), given.get(before));
    }

    @Test
    void thePositionToBeginAtIsThatOfTheFirstRoundOnly() {
        player(FakeSource.both(2000), new Options(1, Duration.ofMillis(1200), false))
                .start();
        pass(10_000);

        assertOnTime();
        assertEquals(every(20, 0, 3000), captured(MediaKind.AUDIO));
        assertEquals("ended 3000", told.get(1));
    }

    @Test
    void whatIsLateIsNotCaughtUpWith() {
        player(FakeSource.both(4000), Options.ONCE).start();
        pass(300);
        slow = true;
        pass(3000);
        release();
        int atOnce = (int) given.stream().filter(each -> each.came == 3300).count();
        assertTrue(atOnce <= 2, atOnce + " frames at once");
        pass(10_000);

        List<Long> sound = captured(MediaKind.AUDIO);
        assertEquals(200, sound.size());
        List<Long> expected = new ArrayList<>(every(20, 0, 301));
        expected.addAll(every(20, 3300, 3300 + 3680));
        assertEquals(expected, sound);
    }

    @Test
    void whatIsALittleLateKeepsItsTime() {
        player(FakeSource.both(2000), Options.ONCE).start();
        pass(300);
        slow = true;
        pass(200);
        release();
        pass(3000);

        assertEquals(every(20, 0, 2000), captured(MediaKind.AUDIO));
        assertEquals("ended 2000", told.get(1));
    }

    @Test
    void onlyALittleIsReadAhead() {
        FakeSource source = FakeSource.both(60_000);
        player(source, Options.ONCE).start();
        assertTrue(source.reads <= 80, source.reads + " frames");
        pass(1000);
        assertTrue(source.reads <= 150, source.reads + " frames");
    }

    @Test
    void timesThatGoBackGoOn() {
        FakeSource source = FakeSource.both(2000);
        FakeSource.both(2000).copyTo(source);
        player(source, Options.ONCE).start();
        pass(10_000);

        assertOnTime();
        assertEquals(every(20, 0, 4000), captured(MediaKind.AUDIO));
        assertEquals(every(40, 0, 4000), captured(MediaKind.VIDEO));
    }

    @Test
    void timesThatJumpGoOn() {
        FakeSource source = new FakeSource(FakeSource.VIDEO, FakeSource.AUDIO);
        source.picture(0, true).sound(0).sound(20);
        source.picture(4_000_000, true).sound(4_000_000).sound(4_000_020);
        player(source, Options.ONCE).start();
        pass(10_000);

        assertEquals(List.of(0L, 40L), captured(MediaKind.VIDEO));
        assertEquals(List.of(0L, 20L, 40L, 60L), captured(MediaKind.AUDIO));
    }

    @Test
    void soundAloneIsPlayed() {
        FakeSource source = new FakeSource(FakeSource.AUDIO);
        source.sound(0).sound(20).sound(40);
        player(source, new Options(1, Duration.ZERO, false)).start();
        pass(1000);

        assertEquals(every(20, 0, 120), captured(MediaKind.AUDIO));
        assertEquals(List.of("tracks 1", "ended 120"), told);
    }

    @Test
    void whatHasNothingToPlayIsNoEndlessLoop() {
        player(new FakeSource(FakeSource.AUDIO), new Options(Player.FOR_EVER, Duration.ZERO, false))
                .start();
        pass(1000);

        assertEquals(List.of("tracks 1", "failed: there is nothing in it that can be played"), told);
    }

    @Test
    void aFailureIsToldInWords() {
        FakeSource source = FakeSource.both(1000);
        source.failure = new MediaFileException("the file is broken");
        player(source, Options.ONCE).start();
        assertEquals(List.of("tracks 2", "failed: the file is broken"), told);
        assertTrue(source.closed);
    }

    @Test
    void aFileThatIsNotThereIsToldInWords() {
        Player player = new Player(
                () -> {
                    throw new IOException("of the disk's");
                },
                Options.ONCE,
                time,
                () -> START,
                Runnable::run,
                new Sink());
        player.start();
        assertEquals(List.of("failed: the file cannot be read"), told);
    }

    @Test
    void tracksThatAreFarApartInTheFileAreRefused() {
        FakeSource source = new FakeSource(FakeSource.VIDEO, FakeSource.AUDIO);
        for (int ms = 0; ms < 20_000; ms += 40) {
            source.picture(ms, ms == 0);
        }
        source.sound(0).sound(20);
        player(source, Options.ONCE).start();
        pass(30_000);
        assertTrue(told.get(1).startsWith("failed: its audio and video are not side by side"), told.toString());
    }

    @Test
    void optionsAreChecked() {
        assertThrows(IllegalArgumentException.class, () -> new Options(-2, Duration.ZERO, false));
        assertThrows(IllegalArgumentException.class, () -> new Options(0, Duration.ofMillis(-1), false));
    }
}
