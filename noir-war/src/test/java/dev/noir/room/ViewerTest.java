package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.room.FakeMediaPlane.FakeDownTrack;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import dev.noir.room.RoomException.Code;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Those with one connection: who only sends, and who only watches. */
final class ViewerTest {
    private final RoomFixture noir = new RoomFixture(RoomFixture.OPTIONS.withMaxPeers(5));

    private FakeClient publisher(String name, String... sections) {
        return noir.client().join("r", name, TestSdp.offer("abcd", name, sections), JoinConfig.INGRESS);
    }

    private FakeClient viewer(String watched) {
        return noir.client().join("r", "v" + watched, TestSdp.viewer("view"), JoinConfig.egress(watched));
    }

    private FakeTransport receiving() {
        return noir.last(TransportRole.SUBSCRIBER);
    }

    private List<String> shown() {
        return receiving().openDownTracks().stream()
                .map(down -> down.accepted.mid() + " " + down.track.published.streamId())
                .toList();
    }

    @Test
    void whoOnlySendsHasNoOtherConnection() {
        FakeClient publisher = publisher("a", "audio", "video");
        assertEquals(1, publisher.answers.size());
        assertEquals(1, noir.media.onlyRoom().transports.size());
        noir.scheduler.advance(RoomFixture.LIMITS.answerTimeout().multipliedBy(10));
        assertEquals(List.of(), publisher.offers);
        assertEquals(null, publisher.closed);
        FakeClient other = noir.settled("r", "b");
        assertEquals(3, TestSdp.values(other.offers.get(0), "m").size());
        publisher.answer("anything");
        assertEquals(List.of(Code.INVALID), publisher.codes);
    }

    @Test
    void whoSendsNothingIsNotThere() {
        FakeClient publisher = publisher("a");
        assertEquals(List.of(Code.INVALID), publisher.codes);
        assertEquals(0, noir.rooms.peers());
        assertEquals(0, noir.media.openObjects());
    }

    @Test
    void nobodyWatchesAnEmptyRoom() {
        FakeClient viewer = viewer("");
        assertEquals(List.of(Code.NO_SUCH_PEER), viewer.codes);
        assertEquals(0, noir.rooms.peers());
        assertEquals(0, noir.media.openObjects());
    }

    @Test
    void getsTheFirstWhoSendsAtOnce() {
        publisher("a", "audio", "video");
        publisher("b", "audio", "video");
        FakeClient viewer = viewer("");
        assertEquals(2, TestSdp.values(viewer.lastAnswer(), "sendonly").size());
        assertEquals(List.of(), TestSdp.values(viewer.lastAnswer(), "ssrc"));
        assertEquals(List.of("a a", "v a"), shown());
        FakeDownTrack video = receiving().openDownTracks().get(1);
        assertEquals(120, video.accepted.payloads().get(0).payloadType(), "as the client numbers it");
        assertEquals(121, video.accepted.payloads().get(0).rtxPayloadType());
        assertEquals(9, video.accepted.extensions().mid());
        assertEquals(List.of(), viewer.offers);
    }

    @Test
    void anotherTakesThePlaceOfWhoLeaves() {
        FakeClient first = publisher("a", "audio", "video");
        publisher("b", "audio", "video");
        viewer("");
        long ssrc = receiving().openDownTracks().get(1).accepted.ssrc();
        first.leave();
        assertEquals(List.of("a b", "v b"), shown());
        assertNotEquals(ssrc, receiving().openDownTracks().get(1).accepted.ssrc());
    }

    @Test
    void whoIsNamedIsWaitedFor() {
        FakeClient named = publisher("b", "audio");
        publisher("a", "audio", "video");
        FakeClient viewer = viewer("b");
        assertEquals(List.of("a b"), shown());
        named.leave();
        assertEquals(List.of(), shown());
        assertTrue(viewer.closed == null);
        publisher("b", "audio", "video");
        assertEquals(List.of("a b", "v b"), shown());
        assertEquals(List.of(Code.NO_SUCH_PEER), viewer("nobody").codes);
    }

    @Test
    void onlyIceCanBeginAnew() {
        publisher("a", "audio", "video");
        FakeClient viewer = viewer("");
        viewer.offer(TestSdp.viewer("anew"));
        assertEquals(2, receiving().credentials.size());
        assertFalse(viewer.lastAnswer().contains(receiving().credentials.get(0).ufrag()));
        viewer.offer(TestSdp.viewer("anew").replace("VP8", "VP9"));
        assertEquals(List.of(Code.INVALID), viewer.codes);
        assertEquals(2, shown().size());
    }

    @Test
    void doesNotFollowARoomToAnotherNode() {
        publisher("a", "audio", "video");
        FakeClient viewer = noir.afterItsDeath().client();
        viewer.resume(new ResumeRequest(
                new RoomId("r"), new PeerName("v"), JoinConfig.egress(""), "", "", Caller.ANONYMOUS, Set.of()));
        assertEquals(List.of(Code.NOT_JOINED), viewer.codes);
    }
}
