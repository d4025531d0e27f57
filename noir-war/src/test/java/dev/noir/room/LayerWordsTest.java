package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.room.MediaExplanation.Layer;
import dev.noir.room.MediaExplanation.Layers;
import dev.noir.room.MediaExplanation.Offered;
import dev.noir.room.MediaExplanation.Reason;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class LayerWordsTest {
    private static final Layer ALL = new Layer(255, 255);

    // Three encodings of two temporal layers each.
    private static final List<Offered> OFFERED = List.of(
            offered(0, 0, 100_000),
            offered(0, 1, 150_000),
            offered(1, 0, 350_000),
            offered(1, 1, 500_000),
            offered(2, 0, 800_000),
            offered(2, 1, 1_200_000));

    private static Offered offered(int spatial, int temporal, long bitrate) {
        return new Offered(new Layer(spatial, temporal), bitrate, true);
    }

    private static Layers layers(Layer wanted, Optional<Reason> reason, Optional<Layer> allocated) {
        return new Layers(false, false, true, false, false, OptionalInt.of(0), wanted, reason, allocated, OFFERED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0,1|NO_BANDWIDTH|255|430000|low instead of high: the line takes 430 kbit/s, and that would need 1200 kbit/s",
                "0,0|NO_BANDWIDTH|255|110000|low with fewer frames instead of high: the line takes 110 kbit/s, and that would need 1200 kbit/s",
                "0,1|NO_BANDWIDTH|1|430000|low instead of medium: the line takes 430 kbit/s, and that would need 500 kbit/s",
                "1,1|NO_HEAD_ROOM|255|1250000|medium instead of high: the line takes 1250 kbit/s, and that would need 1200 kbit/s and a reserve",
                "1,1|HELD_DOWN|255|2000000|medium instead of high: more did not hold a moment ago",
                "0,1|NEVER_PAUSED|255|60000|low, though the line takes 60 kbit/s: a screen is never paused",
                "-|NO_BANDWIDTH|255|60000|paused: the smallest layer needs 100 kbit/s and the line takes 60 kbit/s",
                "2,1|WANTED|255|5000000|as wanted",
                "0,1|WANTED|0|5000000|as wanted"
            })
    void saysWhatTheLineHasDone(String got, Reason reason, int wanted, long estimate, String words) {
        Optional<Layer> allocated =
                got.equals("-") ? Optional.empty() : Optional.of(new Layer(got.charAt(0) - '0', got.charAt(2) - '0'));
        Layers layers = layers(new Layer(wanted, 255), Optional.of(reason), allocated);
        assertEquals(words, LayerWords.of(layers, Optional.of(estimate)));
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void saysSomethingForEveryReason(Reason reason) {
        for (Optional<Layer> allocated : List.of(Optional.<Layer>empty(), Optional.of(new Layer(0, 0)))) {
            for (Optional<Long> estimate : List.of(Optional.<Long>empty(), Optional.of(430_000L))) {
                String words = LayerWords.of(layers(ALL, Optional.of(reason), allocated), estimate);
                assertEquals(false, words.isBlank() || words.contains("null"), words);
            }
        }
    }

    @Test
    void saysThatTheLineIsNotMeasured() {
        assertEquals(
                "as wanted, whatever the line takes: the client does not report it",
                LayerWords.of(layers(ALL, Optional.empty(), Optional.empty()), Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // audio, muted, sending, undecodable, waits
                "false|true|false|false|false|paused: the client does not want it",
                "false|false|false|true|false|not sent: the client does not know its codec",
                "false|false|false|false|true|as wanted; waiting for a key frame",
                "false|false|true|false|true|as wanted, from the next key frame on",
                "true|false|true|false|false|as wanted",
                "true|false|false|false|false|nothing has come to be sent",
                "true|true|false|false|false|paused: the client does not want it"
            })
    void saysWhatElseKeepsIt(
            boolean audio, boolean muted, boolean sending, boolean undecodable, boolean waits, String words) {
        Layers layers = new Layers(
                audio,
                muted,
                sending,
                undecodable,
                waits,
                OptionalInt.empty(),
                ALL,
                Optional.of(Reason.WANTED),
                Optional.of(new Layer(2, 1)),
                OFFERED);
        assertEquals(words, LayerWords.of(layers, Optional.of(5_000_000L)));
    }

    @Test
    void saysThatThePublisherSendsNothing() {
        Layers layers = new Layers(
                false,
                false,
                false,
                false,
                false,
                OptionalInt.empty(),
                ALL,
                Optional.of(Reason.NOTHING_OFFERED),
                Optional.empty(),
                List.of(new Offered(new Layer(0, 0), 0, false)));
        assertEquals("nothing to send: the publisher sends nothing", LayerWords.of(layers, Optional.of(1L)));
    }

    @Test
    void callsTheOnlyLayerByNoName() {
        assertEquals("full size", LayerWords.name(List.of(offered(0, 0, 1)), new Layer(0, 0)));
        assertEquals(
                "full size with fewer frames",
                LayerWords.name(List.of(offered(0, 0, 1), offered(0, 1, 2)), new Layer(0, 0)));
    }
}
