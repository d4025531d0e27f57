package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.room.ApiMessage;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonApiMessagesTest {
    private final JsonApiMessages messages = new JsonApiMessages();

    @Test
    void readsReceiverControl() {
        assertEquals(
                Optional.of(new ApiMessage.ReceiverControl("s", "low", "high", true)),
                messages.parse("{\"streamId\":\"s\",\"video\":\"low\",\"framerate\":\"high\",\"audio\":true}"));
    }

    @Test
    void absentAudioIsOffAndAbsentVideoIsUnknown() {
        assertEquals(
                Optional.of(new ApiMessage.ReceiverControl("s", null, null, false)),
                messages.parse("{\"streamId\":\"s\",\"layers\":[]}"));
    }

    @Test
    void aListOfLayersMakesItAPublishersMessage() {
        assertEquals(
                Optional.of(new ApiMessage.PublisherControl("s", List.of("low", "medium"))),
                messages.parse("{\"streamId\":\"s\",\"layers\":[\"low\",\"medium\"]}"));
    }

    @Test
    void readsWishes() {
        assertEquals(
                Optional.of(new ApiMessage.Wishes(List.of(
                        new ApiMessage.Wish("s", null, 320, 180, 0, true),
                        new ApiMessage.Wish("t", "v", 0, 0, 100, false)))),
                messages.parse("{\"method\":\"wish\",\"params\":[{\"streamId\":\"s\",\"width\":320,\"height\":180},"
                        + "{\"streamId\":\"t\",\"trackId\":\"v\",\"priority\":100,\"visible\":false,\"more\":{}}]}"));
    }

    @Test
    void takesUpTo64WishesInAMessage() {
        String wish = "{\"streamId\":\"s\",\"width\":1,\"height\":1},";
        String all = "{\"method\":\"wish\",\"params\":[" + wish.repeat(63) + "{\"streamId\":\"s\"}]}";
        assertTrue(messages.parse(all).isPresent());
        assertEquals(Optional.empty(), messages.parse(all.replace("[{", "[" + wish + "{")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "{\"width\":1}",
                "{\"streamId\":\"s\",\"width\":-1}",
                "{\"streamId\":\"s\",\"width\":16385}",
                "{\"streamId\":\"s\",\"width\":1.5}",
                "{\"streamId\":\"s\",\"width\":\"1\"}",
                "{\"streamId\":\"s\",\"width\":null}",
                "{\"streamId\":\"s\",\"height\":4294967297}",
                "{\"streamId\":\"s\",\"height\":1e999999999}",
                "{\"streamId\":\"s\",\"height\":1e-999999999}",
                "{\"streamId\":\"s\",\"priority\":101}",
                "{\"streamId\":\"s\",\"visible\":1}",
            })
    void oneWishThatIsNotUnderstoodTakesAllWithIt(String wish) {
        assertEquals(
                Optional.empty(),
                messages.parse("{\"method\":\"wish\",\"params\":[{\"streamId\":\"s\"}," + wish + "]}"));
    }

    @Test
    void readsWhatAClientUnderstands() {
        assertEquals(
                Optional.of(new ApiMessage.Understands(true)),
                messages.parse("{\"method\":\"understands\",\"params\":[1,\"later\",\"wantedLayers\"]}"));
        assertEquals(
                Optional.of(new ApiMessage.Understands(false)),
                messages.parse("{\"method\":\"understands\",\"params\":[]}"));
        assertEquals(Optional.empty(), messages.parse("{\"method\":\"understands\",\"params\":{}}"));
    }

    @Test
    void writesWantedLayers() {
        assertEquals(
                "{\"method\":\"wantedLayers\",\"params\":{\"streamId\":\"s\",\"mid\":\"1\",\"layers\":[\"low\",\"\"]}}",
                messages.wantedLayers("s", "1", List.of("low", "")));
    }

    @Test
    void otherMethodsAreIonsMessagesStill() {
        assertEquals(
                Optional.of(new ApiMessage.ReceiverControl("s", "low", null, true)),
                messages.parse("{\"method\":\"x\",\"streamId\":\"s\",\"video\":\"low\",\"audio\":true}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{\"method\":\"wish\",\"streamId\":\"s\"}",
                "{\"method\":\"wish\",\"params\":{}}",
                "ping",
                "[]",
                "{}",
                "{\"streamId\":1}",
                "{\"streamId\":\"s\",\"layers\":[1]}",
                "{\"streamId\":\"s\",\"layers\":[\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\"]}",
            })
    void dropsEverythingElse(String text) {
        assertEquals(Optional.empty(), messages.parse(text));
    }

    @Test
    void writesActiveLayer() {
        assertEquals(
                "{\"method\":\"activeLayer\",\"params\":"
                        + "{\"streamId\":\"s\",\"activeLayer\":\"low\",\"availableLayers\":[\"low\"]}}",
                messages.activeLayer("s", "low", List.of("low")));
    }

    @Test
    void saysWhoSpeaksAsIonDoes() {
        assertEquals(
                "{\"method\":\"audioLevels\",\"params\":[\"loud\",\"quiet\"]}",
                messages.audioLevels(List.of("loud", "quiet")));
        assertEquals("{\"method\":\"audioLevels\",\"params\":[]}", messages.audioLevels(List.of()));
    }
}
