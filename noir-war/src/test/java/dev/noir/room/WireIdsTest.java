package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.room.FakeMediaPlane.FakeDownTrack;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever ids a client chooses, the others' descriptions stay well-formed, and nobody is shown in another one's place. */
final class WireIdsTest {
    private final RoomFixture noir = new RoomFixture();
    private final FakeClient viewer = noir.settled("r", "viewer");
    private final FakeTransport viewing = noir.last(TransportRole.SUBSCRIBER);

    static List<String> unusable() {
        return List.of("Stäm", "a\ud800b", "a\"b", "(a)", "a:b", "a/b", "x".repeat(129), "\u202Ea");
    }

    private static String offer(String stream, String track, String... sections) {
        String offer = TestSdp.offer("abcd", stream, sections);
        return track.isEmpty() ? offer : offer.replaceAll("track-\\d", track);
    }

    private FakeClient publish(String name, String offer) {
        return noir.client().join("r", name, offer, JoinConfig.NONE);
    }

    /** What the viewer's last offer says, each as "stream track". */
    private List<String> shown() {
        viewer.answerLast();
        return TestSdp.values(viewer.lastOffer(), "msid:");
    }

    private static String stream(String msid) {
        return msid.substring(0, msid.indexOf(' '));
    }

    @ParameterizedTest
    @MethodSource("unusable")
    void whatIsNoTokenNeverReachesOthers(String id) {
        FakeClient publisher = publish("p", offer(id, id, "audio", "video"));

        assertTrue(publisher.errors.isEmpty());
        List<String> shown = shown();
        assertEquals(2, shown.size());
        assertEquals(stream(shown.get(0)), stream(shown.get(1)), "audio and video stay together");
        assertNotEquals(shown.get(0), shown.get(1));
        assertTrue(viewer.lastOffer().chars().allMatch(c -> c < 0x7F));
        assertTrue(shown.get(0).matches("noir-[0-9a-f]{32} noir-[0-9a-f]{32}"));
        viewing.downTracks.forEach(downTrack -> assertEquals(stream(shown.get(0)), downTrack.accepted.cname()));
    }

    @Test
    void idsThatAreTokensStay() {
        publish("p", offer("{6b3-e}", "{track}", "video"));

        assertEquals(List.of("{6b3-e} {track}"), shown());
    }

    @Test
    void aStreamIdBelongsToWhoHadItFirst() {
        publish("alice", offer("s", "", "video"));
        publish("mallory", offer("s", "", "video", "audio"));
        List<String> shown = shown();

        assertEquals("s track-1", shown.get(0));
        assertTrue(shown.stream().skip(1).noneMatch(msid -> stream(msid).equals("s")), shown.toString());
        assertEquals(stream(shown.get(1)), stream(shown.get(2)));
    }

    @Test
    void oneClientMayRepeatItselfAndTheOffersStayDistinct() {
        publish("p", offer("s", "t", "video", "video", "audio"));
        List<String> shown = shown();

        assertEquals(3, new HashSet<>(shown).size(), shown.toString());
        assertTrue(shown.stream().allMatch(msid -> stream(msid).equals("s")));
    }

    @Test
    void anotherOffersTheSameTracksUnchanged() {
        String offer = offer("Stäm", "träck", "video");
        FakeClient publisher = publish("p", offer);
        List<String> before = shown();
        publisher.offer(offer);

        assertEquals(before, shown());
        assertEquals(2, viewer.offers.size());
    }

    @Test
    void whoTakesItsOwnPlaceKeepsItsIds() {
        publish("p", offer("s", "t", "video"));
        shown();
        publish("p", offer("s", "t", "video"));

        assertEquals(List.of("s t"), shown());
    }

    @Test
    void idsAreFreeWhenTheirOwnerHasGone() {
        FakeClient alice = publish("alice", offer("s", "t", "video"));
        alice.leave();
        publish("bob", offer("s", "t", "video"));

        assertEquals(List.of("s t"), shown());
    }

    @Test
    void theNextHostGivesTheSameNames() {
        publish("p", offer("Stäm", "träck", "video"));
        List<String> before = shown();
        RoomFixture next = noir.afterItsDeath();
        FakeClient again = next.client().resume("r", "viewer", viewer.lastOffer(), TestSdp.answer(viewer.lastOffer()));
        next.client().resume("r", "p", "", "").offer(offer("Stäm", "träck", "video"));

        assertEquals(before, TestSdp.values(again.lastOffer(), "msid:"));
    }

    @Test
    void apiMessagesNameTheStreamAsEachSideKnowsIt() {
        publish("alice", offer("s", "", "video"));
        publish("mallory", offer("s", "", "video"));
        FakeTransport mallory = noir.last(TransportRole.SUBSCRIBER);
        List<String> shown = shown();
        viewer.answerLast();
        String renamed = stream(shown.get(1));

        mallory.tellMessage(mallory.channel("ion-sfu"), "s low,nonsense");
        assertEquals(List.of(renamed + " low [low]"), viewing.channel("ion-sfu").sent);
        viewing.tellMessage(viewing.channel("ion-sfu"), renamed + " none high true");
        List<String> settings = viewing.openDownTracks().stream()
                .map((FakeDownTrack downTrack) -> downTrack.setting)
                .toList();
        assertEquals(List.of("2/2", "muted 0/2"), settings);
    }
}
