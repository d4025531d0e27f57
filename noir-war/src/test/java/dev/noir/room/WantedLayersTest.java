package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.room.FakeMediaPlane.FakeChannel;
import dev.noir.room.FakeMediaPlane.FakeTrack;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Publishers hear which of their encodings nobody takes, if they understand it. */
final class WantedLayersTest {
    private final RoomFixture noir = new RoomFixture();
    private final FakeClient client = noir.settled("r", "a");
    private final FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
    private final FakeChannel api = receiving.channel("ion-sfu");
    private final FakeTransport sending = noir.last(TransportRole.PUBLISHER);

    private FakeTrack publish(String... sections) {
        client.offer(TestSdp.offer("abcd", "s", sections));
        return sending.tracks.get(sending.tracks.size() - 1);
    }

    @Test
    void nobodyIsToldWhoHasNotSaidThatItUnderstands() {
        FakeTrack video = publish("simulcast-video");
        sending.tellLayersWanted(video, 0);
        receiving.tellMessage(api, "understands something");

        assertEquals(List.of(), api.sent);
    }

    @Test
    void encodingsAreNamedByTheirRids() {
        FakeTrack video = publish("simulcast-video");
        receiving.tellMessage(api, "understands wantedLayers");
        assertEquals(List.of(), api.sent);
        for (int encodings = 0; encodings < 4; encodings++) {
            sending.tellLayersWanted(video, encodings);
        }

        assertEquals(
                List.of("s 1 wanted 0 []", "s 1 wanted 1 [low]", "s 1 wanted 1 [high]", "s 1 wanted 2 [low, high]"),
                api.sent);
    }

    @Test
    void theOnlyEncodingHasNoName() {
        FakeTrack video = publish("audio", "video");
        receiving.tellMessage(api, "understands wantedLayers");
        sending.tellLayersWanted(video, 0);
        sending.tellLayersWanted(video, 1);

        // A list of nothing, and one of an empty name.
        assertEquals(List.of("s 2 wanted 0 []", "s 2 wanted 1 []"), api.sent);
    }

    @Test
    void whoUnderstandsLaterIsToldWhatHolds() {
        FakeTrack video = publish("simulcast-video");
        sending.tellLayersWanted(video, 3);
        sending.tellLayersWanted(video, 1);
        receiving.tellMessage(api, "understands wantedLayers");

        assertEquals(List.of("s 1 wanted 1 [low]"), api.sent);
    }

    @Test
    void aTrackThatIsGoneIsNobodys() {
        FakeTrack video = publish("simulcast-video");
        receiving.tellMessage(api, "understands wantedLayers");
        client.offer(TestSdp.offer("abcd", "s", "inactive-video"));
        sending.tellLayersWanted(video, 1);

        assertEquals(List.of(), api.sent);
    }
}
