package dev.noir.playing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.noir.sdp.MediaKind;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class TimelineTest {
    private final Timeline timeline = new Timeline();

    TimelineTest() {
        timeline.begin(true);
    }

    private long video(long ms) throws MediaFileException {
        return timeline.place(MediaKind.VIDEO, Duration.ofMillis(ms), 0) / 1_000_000;
    }

    private long audio(long ms) throws MediaFileException {
        long length = Duration.ofMillis(20).toNanos();
        return timeline.place(MediaKind.AUDIO, Duration.ofMillis(ms), length) / 1_000_000;
    }

    @Test
    void itBeginsAtZeroWhereverTheFileDoes() throws MediaFileException {
        assertEquals(0, video(5000));
        assertEquals(-7, audio(4993));
        assertEquals(40, video(5040));
        assertEquals(Duration.ofMillis(80).toNanos(), timeline.end());
    }

    @Test
    void aRoundFollowsWithTheTrackThatBeginsFirst() throws MediaFileException {
        assertEquals(0, video(0));
        assertEquals(-7, audio(-7));
        assertEquals(40, video(40));
        timeline.begin(true);
        assertEquals(87, video(0));
        assertEquals(80, audio(-7));
    }

    @Test
    void whatGoesBackALittleIsATickLater() throws MediaFileException {
        assertEquals(0, video(0));
        assertEquals(40, video(40));
        assertEquals(41, video(30));
        assertEquals(80, video(80));
    }

    @Test
    void tracksThatJumpMeetAgain() throws MediaFileException {
        audio(0);
        video(0);
        assertEquals(9980, audio(9980));
        assertEquals(9960, video(9960));
        assertEquals(10_000, video(0)); // Back.
        assertEquals(10_000, audio(0));
        assertEquals(10_040, video(40));
        assertEquals(10_060, audio(60));
        assertEquals(10_080, audio(7_300_060)); // And by two hours.
        assertEquals(10_100, video(7_300_080));
        assertEquals(10_120, audio(7_300_100));
    }

    @Test
    void aGapOfLessThanAnHourIsAGap() throws MediaFileException {
        video(0);
        assertEquals(3_500_000, video(3_500_000));
    }

    @Test
    void impossibleTimesAreRefused() {
        for (Duration time : new Duration[] {
            Duration.ofDays(20_000),
            Duration.ofDays(-20_000),
            Duration.ofSeconds(Long.MAX_VALUE),
            Duration.ofSeconds(Long.MIN_VALUE + 1)
        }) {
            assertThrows(MediaFileException.class, () -> timeline.place(MediaKind.VIDEO, time, 0));
        }
    }
}
