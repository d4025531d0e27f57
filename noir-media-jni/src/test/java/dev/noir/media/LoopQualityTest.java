package dev.noir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.noir.media.TransportExplanation.Layer;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class LoopQualityTest {

    @Test
    void numbersHaveTheirPlaces() {
        LoopQuality quality =
                LoopQuality.of(LongStream.range(0, LoopQuality.SIZE).toArray());
        assertEquals(
                List.of(0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L),
                quality.delays().counts());
        assertEquals(10, quality.delays().sum());
        assertEquals(21, quality.pacedDelays().sum());
        assertEquals(32, quality.estimates().sum());
        assertEquals(33, quality.feedback());
        assertEquals(34, quality.feedbackUnmatched());
        assertEquals(37, quality.bytesReceived());
        assertEquals(39, quality.videoTracks());
        assertEquals(42, quality.switchesUp().get(LayerSwitch.Cause.SOURCE));
        assertEquals(43, quality.switchesDown().get(LayerSwitch.Cause.LINE));
        assertEquals(47, quality.freezes().get(LoopQuality.Freeze.LOSS));
    }

    @Test
    void distributionsOfTheSameBoundsAddUp() {
        Distribution one = new Distribution(List.of(10L), List.of(1L, 2L), 30);
        assertEquals(new Distribution(List.of(10L), List.of(2L, 4L), 60), one.plus(one));
        Distribution other = new Distribution(List.of(11L), List.of(1L, 2L), 30);
        assertThrows(IllegalArgumentException.class, () -> one.plus(other));
        assertThrows(IllegalArgumentException.class, () -> new Distribution(List.of(10L), List.of(1L), 1));
    }

    @Test
    void switchesAreReadFiveNumbersAtATime() {
        List<LayerSwitch> switches =
                LayerSwitch.listOf(new long[] {7, 8, 2 << 8 | 1, 1 << 8 | 2, 0, 9, 10, -1, 0, 2, 9, 10, 0, -1, 1});
        assertEquals(
                new LayerSwitch(
                        new TransportId(7),
                        new DownTrackId(8),
                        Optional.of(new Layer(2, 1)),
                        Optional.of(new Layer(1, 2)),
                        LayerSwitch.Cause.LINE),
                switches.get(0));
        assertEquals(LayerSwitch.Cause.SOURCE, switches.get(1).cause());
        assertEquals(Optional.empty(), switches.get(1).from());
        assertEquals(LayerSwitch.Cause.WISH, switches.get(2).cause());
        assertEquals(Optional.empty(), switches.get(2).to());
        assertEquals(3, switches.size());
    }
}
