package dev.noir.bot.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.bot.call.Tally.Seen;
import dev.noir.bot.rtc.Readings;
import dev.noir.bot.rtc.Readings.Received;
import dev.noir.bot.rtc.RemoteTrack;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class TallyTest {
    private static final long SECOND = 1_000_000_000L;

    private final Tally tally = new Tally();
    private final RemoteTrack video = new RemoteTrack("anna", "s", "v", true);
    private final RemoteTrack audio = new RemoteTrack("anna", "s", "a", false);

    private static Readings readings(Received... received) {
        return new Readings(Optional.empty(), Optional.empty(), List.of(received), List.of());
    }

    private Received pictures(long bytes, long packets, long lost, long frames) {
        return new Received(video, bytes, packets, lost, frames, 640, 360, 0, 0, 0);
    }

    private Received sound(double energy, double seconds) {
        return new Received(audio, 0, 0, 0, 0, 0, 0, energy, seconds, 0);
    }

    @Test
    void ratesAreThoseSinceTheReadingBeforeAndInTheEndOfTheWholeTime() {
        tally.began(video, 0);
        tally.read(readings(pictures(10_000, 90, 10, 20)), SECOND);
        Seen seen =
                tally.read(readings(pictures(60_000, 190, 10, 80)), 3 * SECOND).get(0);
        assertEquals("anna", seen.uid());
        assertEquals(200, seen.kbps(), 0.01);
        assertEquals(30, seen.fps(), 0.01);
        assertEquals(0, seen.loss());
        Seen all = tally.all().get(0);
        assertEquals(160, all.kbps(), 0.01);
        assertEquals(5, all.loss(), 0.01);
        assertEquals(80, all.frames());
        assertEquals(640, all.width());
    }

    @Test
    void repeatsThatCountTwiceAreNoLoss() {
        tally.began(video, 0);
        tally.read(readings(pictures(1, 10, 5, 1)), SECOND);
        assertEquals(
                0,
                tally.read(readings(pictures(2, 20, 3, 2)), 2 * SECOND).get(0).loss());
    }

    @Test
    void aPublisherCountsOnceAndOnlyWhenAPictureHasBeenDecoded() {
        tally.began(video, 0);
        tally.began(audio, 0);
        tally.began(new RemoteTrack("bert", "t", "v", true), 0);
        assertEquals(0, tally.decoded());
        tally.picture(video, SECOND / 2);
        tally.picture(video, SECOND);
        assertEquals(1, tally.decoded());
        tally.read(readings(pictures(1, 1, 0, 1)), SECOND);
        assertEquals(OptionalLong.of(500), tally.all().get(0).firstPictureMs());
        assertEquals(OptionalLong.empty(), tally.all().get(1).firstPictureMs());
    }

    @Test
    void levelsAreThoseOfTheTimeBetween() {
        tally.began(audio, 0);
        tally.read(readings(sound(0, 1)), SECOND);
        assertEquals(OptionalInt.of(-127), tally.all().get(0).level());
        // A quarter of the loudest, as root mean square, for one second.
        assertEquals(
                OptionalInt.of(-12),
                tally.read(readings(sound(1 / 16.0, 2)), 2 * SECOND).get(0).level());
        assertEquals(
                OptionalInt.of(-127),
                tally.read(readings(sound(1 / 16.0, 2)), 3 * SECOND).get(0).level());
    }

    @Test
    void whatNobodyHasAnnouncedIsNotThere() {
        assertEquals(List.of(), tally.read(readings(pictures(1, 1, 0, 1)), SECOND));
        tally.picture(video, SECOND);
        assertEquals(0, tally.decoded());
    }

    @Test
    void namesDoNotSteerTheTerminal() {
        assertEquals("a\uFFFD[31mb\uFFFDc", WordsReport.plain("a\u001b[31mb\u202ec"));
        assertEquals("žluť 😀", WordsReport.plain("žluť 😀"));
    }
}
