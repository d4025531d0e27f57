package dev.noir.recording;

import static dev.noir.recording.TestFrames.audio;
import static dev.noir.recording.TestFrames.delta;
import static dev.noir.recording.TestFrames.key;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.noir.recording.Interleaver.Timed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class InterleaverTest {
    private final Interleaver interleaver = new Interleaver();

    private List<String> taken() {
        List<String> taken = new ArrayList<>();
        for (Timed next = interleaver.poll(); next != null; next = interleaver.poll()) {
            taken.add(next.track() + (next.frame().captureMicros() - TestFrames.START) / 1000);
        }
        return taken;
    }

    @Test
    void aPictureThatComesLateStandsWhereItBelongs() {
        interleaver.begin("a");
        interleaver.begin("v");
        interleaver.add("a", audio(0));
        interleaver.add("a", audio(20));
        interleaver.add("a", audio(40));
        assertEquals(List.of(), taken());

        interleaver.add("v", key(10, 64, 64));
        assertEquals(List.of("a0", "v10"), taken());

        interleaver.add("v", delta(50));
        assertEquals(List.of("a20", "a40"), taken());
    }

    @Test
    void aTrackThatBringsNothingIsNotWaitedForLongerThanASecond() {
        interleaver.begin("a");
        interleaver.begin("v");
        interleaver.add("a", audio(0));
        interleaver.add("a", audio(999));
        assertEquals(List.of(), taken());

        interleaver.add("a", audio(1000));
        assertEquals(List.of("a0"), taken());
        assertEquals(Duration.ofMillis(1), interleaver.span());
    }

    @Test
    void aTrackThatHasEndedIsNotWaitedForButWhatItBroughtIsThere() {
        interleaver.begin("a");
        interleaver.begin("v");
        interleaver.add("v", key(0, 64, 64));
        interleaver.add("a", audio(5));
        interleaver.end("v");
        interleaver.add("a", audio(25));
        interleaver.add("v", delta(40));

        assertEquals(List.of("v0", "a5", "a25"), taken());
        assertEquals(0, interleaver.waiting());
    }

    @Test
    void whatIsHereCanBeTakenAtTheEnd() {
        interleaver.begin("a");
        interleaver.begin("v");
        interleaver.add("a", audio(0));

        assertNull(interleaver.poll());
        assertEquals(3, interleaver.waiting());
        assertEquals(audio(0).captureMicros(), interleaver.drain().frame().captureMicros());
        assertNull(interleaver.drain());
    }
}
