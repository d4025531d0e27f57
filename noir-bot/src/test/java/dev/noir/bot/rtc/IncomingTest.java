package dev.noir.bot.rtc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bot.rtc.Sections.Section;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class IncomingTest {
    private final List<String> told = new ArrayList<>();
    private final List<RemoteTrack> tracks = new ArrayList<>();
    private final Peer.Listener listener = new Peer.Listener() {
        @Override
        public void began(RemoteTrack track) {
            told.add("+" + track);
            tracks.add(track);
        }

        @Override
        public void ended(RemoteTrack track) {
            told.add("-" + track);
        }

        @Override
        public void over(int code, String reason) {
            throw new AssertionError();
        }
    };

    private static JsonObject news(String state, String uid, String stream, String id) {
        return Json.createObjectBuilder()
                .add("state", state)
                .add("uid", uid)
                .add(
                        "tracks",
                        Json.createArrayBuilder()
                                .add(Json.createObjectBuilder()
                                        .add("stream", stream)
                                        .add("id", id)
                                        .add("kind", "video")))
                .build();
    }

    private static void offer(Incoming incoming, String mid, String stream, String id) {
        incoming.expect(Map.of(mid, new Section(stream, id, true)));
        incoming.settle();
    }

    @Test
    void aTrackBeginsWhenItIsKnownWhoseItIsAndInWhichSection() {
        Incoming incoming = new Incoming(listener, null);
        offer(incoming, "1", "s", "t");
        assertEquals(List.of(), told);
        incoming.news(news("add", "anna", "s", "t"));
        assertEquals(List.of("+anna/s/t"), told);
        incoming.news(news("add", "bert", "s2", "t"));
        assertEquals(List.of("+anna/s/t"), told);
        assertEquals("anna", incoming.byMid("1").orElseThrow().uid());
    }

    @Test
    void aSectionCanHaveAnotherTrackLater() {
        Incoming incoming = new Incoming(listener, null);
        incoming.news(news("add", "anna", "s", "t"));
        incoming.news(news("add", "bert", "s2", "t2"));
        offer(incoming, "1", "s", "t");
        offer(incoming, "1", "s2", "t2");
        incoming.expect(Map.of());
        incoming.settle();
        assertEquals(List.of("+anna/s/t", "-anna/s/t", "+bert/s2/t2", "-bert/s2/t2"), told);
        assertTrue(incoming.byMid("1").isEmpty());
    }

    @Test
    void whoChoosesHearsOfAllAndAsksForWhatHeUsesOnce() {
        List<RemoteTrack> chosen = new ArrayList<>();
        Incoming incoming = new Incoming(listener, chosen::add);
        incoming.news(news("add", "anna", "s", "t"));
        assertEquals(List.of("+anna/s/t"), told);
        assertEquals(List.of(), chosen);
        tracks.get(0).watch(picture -> {});
        tracks.get(0).watch(picture -> {});
        assertEquals(tracks, chosen);
        offer(incoming, "1", "s", "t");
        assertEquals(tracks.get(0), incoming.byMid("1").orElseThrow());
        incoming.news(news("remove", "anna", "s", "t"));
        assertEquals(List.of("+anna/s/t", "-anna/s/t"), told);
        assertTrue(incoming.byMid("1").isEmpty());
    }

    @Test
    void newsThatCannotBeReadAreNone() {
        Incoming incoming = new Incoming(listener, null);
        incoming.news(Json.createObjectBuilder().build());
        incoming.news(Json.createObjectBuilder().add("uid", 1).add("tracks", 2).build());
        incoming.news(news("remove", "anna", "s", "t"));
        assertEquals(List.of(), told);
    }
}
