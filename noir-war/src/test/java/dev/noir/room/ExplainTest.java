package dev.noir.room;

import static dev.noir.room.Moderators.BOB;
import static dev.noir.room.Moderators.EVA;
import static dev.noir.room.Moderators.ROOM;
import static dev.noir.room.Moderators.name;
import static dev.noir.room.Moderators.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import dev.noir.room.MediaExplanation.Layer;
import dev.noir.room.MediaExplanation.Layers;
import dev.noir.room.MediaExplanation.Offered;
import dev.noir.room.MediaExplanation.Reason;
import dev.noir.room.ModerationCommand.Explain;
import dev.noir.room.RoomException.Code;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ExplainTest {
    private final RoomFixture noir = new RoomFixture(RoomOptions.DEFAULT);

    private FakeClient join(String name, Caller caller, String... sections) {
        FakeClient client = noir.client().join(request(name, caller, sections));
        client.answerLast();
        noir.last(TransportRole.PUBLISHER).tell(TransportState.CONNECTED, MediaEnd.NONE);
        noir.last(TransportRole.SUBSCRIBER).tell(TransportState.CONNECTED, MediaEnd.NONE);
        return client;
    }

    private static Explain about(String peer) {
        return new Explain(Optional.of(name(peer)));
    }

    private static final Explain ABOUT_ITSELF = new Explain(Optional.empty());

    private static Map<String, ?> tree(FakeClient client) {
        return ((ModerationResult.Explained) client.results.get(client.results.size() - 1)).tree();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> member(Map<String, ?> tree, String name) {
        return (Map<String, Object>) tree.get(name);
    }

    @SuppressWarnings("unchecked")
    private static List<Map<String, Object>> list(Map<String, ?> tree, String name) {
        return (List<Map<String, Object>>) tree.get(name);
    }

    private static List<Object> uids(Map<String, ?> tree) {
        return list(tree, "peers").stream().map(peer -> peer.get("uid")).toList();
    }

    private static MediaExplanation connection(List<MediaExplanation.Sent> sent) {
        return new MediaExplanation(
                Map.of("state", "connected"),
                Map.of("pair", Map.of("remote", "198.51.100.9:5000")),
                Optional.of(430_000L),
                List.of(),
                sent);
    }

    private static void says(FakeTransport transport, MediaExplanation explanation) {
        transport.explanation = CompletableFuture.completedFuture(Optional.of(explanation));
    }

    @Test
    void everybodyIsToldOfHimself() {
        FakeClient bob = join("bob", BOB);
        FakeClient stranger = join("x", Moderators.anonymousFrom("198.51.100.3"));
        for (FakeClient client : List.of(bob, stranger)) {
            assertNull(client.moderate(ABOUT_ITSELF));
        }
        assertEquals(List.of("bob"), uids(tree(bob)));
        assertNull(bob.moderate(about("bob")));
        assertEquals(List.of("bob"), uids(tree(bob)));
        assertEquals(List.of("x"), uids(tree(stranger)));
    }

    @Test
    void nobodyIsToldOfOthersButModerators() {
        FakeClient eva = join("eva", EVA);
        FakeClient bob = join("bob", BOB);
        says(noir.last(TransportRole.SUBSCRIBER), connection(List.of()));
        FakeClient stranger = join("x", Moderators.anonymousFrom("198.51.100.3"));
        assertEquals(Code.FORBIDDEN, bob.moderate(about("eva")));
        assertEquals(Code.FORBIDDEN, stranger.moderate(about("bob")));
        assertEquals(Code.FORBIDDEN, stranger.moderate(about("nobody")));
        assertTrue(bob.results.isEmpty() && stranger.results.isEmpty());

        assertNull(eva.moderate(about("bob")));
        assertEquals(List.of("bob"), uids(tree(eva)));
        assertEquals(Code.NO_SUCH_PEER, eva.moderate(about("nobody")));
    }

    @Test
    void aModeratorDoesNotLearnWhereOthersAre() {
        FakeClient eva = join("eva", EVA);
        FakeClient bob = join("bob", BOB);
        says(noir.last(TransportRole.SUBSCRIBER), connection(List.of()));
        eva.moderate(about("bob"));
        assertFalse(tree(eva).toString().contains("198.51.100.9"), tree(eva).toString());
        bob.moderate(ABOUT_ITSELF);
        assertTrue(tree(bob).toString().contains("198.51.100.9"));
    }

    @Test
    void aTrackHasItsPublisherAndASentence() {
        join("eva", EVA, "video");
        FakeClient bob = join("bob", BOB);
        FakeTransport subscriber = noir.last(TransportRole.SUBSCRIBER);
        String mid = subscriber.openDownTracks().get(0).accepted.mid();
        Layers layers = new Layers(
                false,
                false,
                true,
                false,
                false,
                OptionalInt.of(0),
                new Layer(255, 255),
                Optional.of(Reason.NO_BANDWIDTH),
                Optional.of(new Layer(0, 0)),
                List.of(
                        new Offered(new Layer(0, 0), 150_000, true),
                        new Offered(new Layer(1, 0), 500_000, true),
                        new Offered(new Layer(2, 0), 1_200_000, true)));
        says(
                subscriber,
                connection(List.of(
                        new MediaExplanation.Sent(mid, Map.of("packets", 7L), layers),
                        new MediaExplanation.Sent("gone", Map.of(), layers))));
        bob.moderate(ABOUT_ITSELF);
        Map<String, Object> said = member(list(tree(bob), "peers").get(0), "subscriber");
        assertEquals("connected", said.get("state"));
        assertEquals(1, list(said, "tracks").size());
        Map<String, Object> track = list(said, "tracks").get(0);
        assertEquals("eva", track.get("uid"));
        assertEquals("video", track.get("kind"));
        assertEquals(7L, track.get("packets"));
        assertEquals(
                "low instead of high: the line takes 430 kbit/s, and that would need 1200 kbit/s", track.get("why"));
    }

    @Test
    void theServersOwnPartsAreToldOfAll() {
        join("eva", EVA);
        FakeClient bob = join("bob", BOB);
        noir.rooms.moderate(ROOM, Caller.ANONYMOUS, ABOUT_ITSELF, bob.reply);
        assertEquals(List.of("eva", "bob"), uids(tree(bob)));
        assertEquals(0, tree(bob).get("peersLeftOut"));
        noir.rooms.moderate(ROOM, Caller.ANONYMOUS, about("eva"), bob.reply);
        assertEquals(List.of("eva"), uids(tree(bob)));
        assertThrows(
                RoomException.class,
                () -> noir.rooms.moderate(new RoomId("other"), Caller.ANONYMOUS, ABOUT_ITSELF, bob.reply));
    }

    @Test
    void aLoopThatDoesNotAnswerKeepsNobodyWaiting() {
        FakeClient bob = join("bob", BOB);
        CompletableFuture<Optional<MediaExplanation>> late = new CompletableFuture<>();
        noir.last(TransportRole.SUBSCRIBER).explanation = late;
        bob.moderate(ABOUT_ITSELF);
        assertTrue(bob.results.isEmpty() && bob.codes.isEmpty());
        noir.scheduler.advance(Explanations.DEADLINE);
        assertEquals(List.of(Code.UNAVAILABLE), bob.codes);
        late.complete(Optional.empty());
        assertTrue(bob.results.isEmpty());
    }

    @Test
    void aLoopThatHasFailedIsNamed() {
        FakeClient bob = join("bob", BOB);
        noir.last(TransportRole.SUBSCRIBER).explanation =
                CompletableFuture.failedFuture(new IllegalStateException("ended"));
        bob.moderate(ABOUT_ITSELF);
        assertEquals(List.of(Code.UNAVAILABLE), bob.codes);
        noir.scheduler.advance(Explanations.DEADLINE);
        assertEquals(1, bob.codes.size());
    }
}
