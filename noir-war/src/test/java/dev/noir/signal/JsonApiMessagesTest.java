package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
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
}
