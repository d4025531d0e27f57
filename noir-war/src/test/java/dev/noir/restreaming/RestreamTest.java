package dev.noir.restreaming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.restreaming.Fakes.FakeDestination;
import dev.noir.restreaming.Fakes.FakeProgram;
import dev.noir.restreaming.Fakes.FakePrograms;
import dev.noir.restreaming.Fakes.FakeTrack;
import dev.noir.restreaming.Restream.State;
import dev.noir.room.EncodedFrame;
import dev.noir.room.FakeScheduler;
import dev.noir.room.PeerName;
import dev.noir.room.RoomException;
import dev.noir.room.Scheduler;
import dev.noir.sdp.Codec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of a stream, whatever happens to it. Its executor is the test itself. */
final class RestreamTest {
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    private final FakeScheduler time = new FakeScheduler();
    private final FakePrograms programs = new FakePrograms();
    private final FakeTrack picture = FakeTrack.video("anna");
    private final FakeTrack sound = FakeTrack.audio("anna");
    private int failures;
    private int overs;
    private final Restream stream =
            new Restream("r", new Choice(Optional.empty(), false), new BackOff(new Random(1)), new Restream.Home() {
                @Override
                public Attempt attempt(Attempt.Events events, @Nullable Attempt before) {
                    return new Attempt(new FakeDestination("s3cret"), programs, time, Runnable::run, events, before);
                }

                @Override
                public Scheduler scheduler() {
                    return time;
                }

                @Override
                public void failed() {
                    failures++;
                }

                @Override
                public void over(Restream ended) {
                    overs++;
                }
            });

    private void begin() {
        stream.onTrack(picture);
        stream.onTrack(sound);
        sound.frame(Fakes.sound(0));
        picture.frame(Fakes.key(0, 640));
    }

    private String failure() {
        CompletionException failed =
                assertThrows(CompletionException.class, stream.over().toCompletableFuture()::join);
        assertEquals(RoomException.class, failed.getCause().getClass());
        return String.valueOf(failed.getCause().getMessage());
    }

    private void assertNothingIsLeft() {
        assertEquals(1, overs);
        assertEquals(List.of(), picture.open());
        assertEquals(List.of(), sound.open());
        time.advance(Duration.ofMinutes(2));
        assertEquals(0, time.pending());
        assertTrue(programs.started.stream().allMatch(program -> program.ended.isDone()));
    }

    @Test
    void aProgramGetsPictureAndSoundOnceBothAreKnown() {
        stream.onTrack(picture);
        stream.onTrack(sound);
        assertEquals(State.STARTING, stream.state());
        picture.frame(Fakes.key(0, 640));
        assertEquals(List.of(), programs.started);
        sound.frame(Fakes.sound(0));

        assertEquals(List.of("h264 640x320", "opus"), programs.last().command);
        assertEquals(Optional.of(new PeerName("anna")), stream.sent());
        time.advance(Duration.ofSeconds(4));
        assertEquals(State.RUNNING, stream.state());
        int before = programs.last().read.size();
        picture.frame(Fakes.key(1000, 640));
        sound.frame(Fakes.sound(1010));
        assertTrue(programs.last().read.size() > before + 100);
        assertEquals(1, programs.started.size());
    }

    @Test
    void aKeyFrameIsAskedForWhenNoneHasComeForTwoSeconds() {
        begin();
        time.advance(TWO_SECONDS);
        assertEquals(2, picture.open().size(), "another tap asks");
        picture.frame(Fakes.key(2000, 640));
        assertEquals(1, picture.open().size(), "and is met");
        time.advance(Duration.ofSeconds(1));
        picture.frame(Fakes.key(3000, 640));
        time.advance(Duration.ofSeconds(1));
        assertEquals(2, picture.taps.size(), "one that comes by itself will do");
        assertEquals(1, sound.taps.size());
    }

    @Test
    void aProgramThatEndsIsStartedAgainLaterAndLater() {
        begin();
        programs.last().end("noise\npublish s3cret: the server says no\n");
        time.advance(Attempt.HEARD);

        assertEquals(State.WAITING, stream.state());
        assertEquals("publish ***: the server says no; tried again within 1 s, after 1 failure", stream.says());
        assertEquals(List.of(), picture.open());
        time.advance(Duration.ofSeconds(1));
        assertEquals(State.STARTING, stream.state());
        picture.frame(Fakes.key(2000, 640));
        sound.frame(Fakes.sound(2000));
        assertEquals(2, programs.started.size());
        programs.last().end("");
        time.advance(Attempt.HEARD);
        assertTrue(
                stream.says().startsWith("the program has ended; tried again within 2 s, after 2 failures"),
                stream.says());
        assertEquals(2, failures);
    }

    @Test
    void whatHasGoneWellForLongBeginsWithTheShortestWait() {
        begin();
        programs.last().end("");
        time.advance(Duration.ofSeconds(2));
        picture.frame(Fakes.key(2000, 640));
        sound.frame(Fakes.sound(2000));
        time.advance(Restream.PROVEN.plus(TWO_SECONDS));
        assertEquals("", stream.says());
        programs.last().end("");
        time.advance(Attempt.HEARD);
        assertTrue(stream.says().endsWith("after 1 failure"), stream.says());
    }

    @Test
    void aBrokenPipeIsToldInTheProgramsOwnWords() {
        begin();
        FakeProgram program = programs.last();
        program.deaf = true;
        picture.frame(Fakes.key(100, 640));
        sound.frame(Fakes.sound(110));
        assertFalse(program.killed);
        assertEquals("", stream.says());
        program.end("Connection reset by peer");
        time.advance(Attempt.HEARD);
        assertTrue(stream.says().startsWith("Connection reset by peer; "), stream.says());
        assertEquals(1, failures);
    }

    @Test
    void aProgramThatReadsNoMoreAndDoesNotEndIsEnded() {
        begin();
        programs.last().deaf = true;
        picture.frame(Fakes.key(100, 640));
        sound.frame(Fakes.sound(110));
        time.advance(Attempt.LAST_WORDS.plus(Attempt.HEARD));
        assertTrue(programs.last().killed);
        assertEquals(State.WAITING, stream.state());
    }

    @Test
    void aProgramThatIsNotThereIsLookedForAgain() {
        programs.broken = "the program cannot be started: /nowhere";
        begin();
        assertEquals(State.WAITING, stream.state());
        assertTrue(stream.says().startsWith("the program cannot be started: /nowhere; "), stream.says());
        programs.broken = "";
        time.advance(Duration.ofSeconds(1));
        picture.frame(Fakes.key(2000, 640));
        sound.frame(Fakes.sound(2000));
        time.advance(Duration.ofSeconds(4));
        assertEquals(State.RUNNING, stream.state());
    }

    @Test
    void whatCannotBeSentEndsInWords() {
        stream.onTrack(picture);
        picture.frame(new EncodedFrame(Codec.VP8, true, 0, 640, 320, new byte[0], new byte[10]));

        assertEquals("not VP8", failure());
        assertEquals(State.OVER, stream.state());
        assertNothingIsLeft();
    }

    @Test
    void anotherSizeIsAnotherProgramOnceTheFirstHasEnded() {
        begin();
        FakeProgram first = programs.last();
        picture.frame(Fakes.key(1000, 1280));
        sound.frame(Fakes.sound(1010));

        assertTrue(first.atEnd);
        assertEquals(1, first.awaited);
        assertEquals(List.of("h264 1280x640", "opus"), programs.last().command);
        first.end("bye");
        time.advance(Duration.ofSeconds(6));
        assertEquals(State.RUNNING, stream.state());
        assertEquals(0, failures);
    }

    @Test
    void whenThePublisherGoesTheNextOneIsSentOrNobody() {
        begin();
        FakeTrack other = FakeTrack.video("bert");
        stream.onTrack(other);
        FakeProgram first = programs.last();
        stream.onTrackGone(sound);
        assertFalse(first.atEnd);
        stream.onTrackGone(picture);
        assertTrue(first.atEnd);
        other.frame(Fakes.key(5000, 320));
        assertEquals(List.of("h264 320x160"), programs.last().command);
        assertEquals(1, first.awaited, "the far end takes one at a time");
        assertEquals(Optional.of(new PeerName("bert")), stream.sent());

        stream.onTrackGone(other);
        assertEquals(State.WAITING, stream.state());
        assertEquals("there is nothing to send", stream.says());
        time.advance(Attempt.LAST_WORDS);
        assertTrue(programs.started.stream().allMatch(program -> program.killed), "they have had their time");
        assertEquals(0, failures);
    }

    @Test
    void stoppedItLetsTheProgramEndAndNoLongerThanThat() {
        begin();
        FakeProgram program = programs.last();
        stream.stop();
        assertTrue(program.atEnd);
        assertFalse(program.killed);
        assertFalse(stream.over().toCompletableFuture().isCompletedExceptionally());
        time.advance(Attempt.LAST_WORDS);
        assertTrue(program.killed);
        assertNothingIsLeft();
        stream.stop();
        assertEquals(1, overs);
    }

    @Test
    void stoppedWhileItWaitsItIsNotTriedAgain() {
        begin();
        programs.last().end("");
        time.advance(Attempt.HEARD);
        stream.stop();
        time.advance(Duration.ofMinutes(1));
        assertEquals(1, programs.started.size());
        assertNothingIsLeft();
    }

    @Test
    void theEndOfTheRoomIsItsOwnAndAMoveAFailure() {
        begin();
        stream.onMoved();
        assertTrue(failure().contains("another server"), failure());
        assertNothingIsLeft();
    }
}
