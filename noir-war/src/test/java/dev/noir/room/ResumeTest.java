package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.sdp.Encoding;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A peer whose room's host has died goes on here, on the connections that its browser has. */
final class ResumeTest {
    private static final String RESTART = "wxyz";

    private final RoomFixture old = new RoomFixture();
    private final RoomFixture noir = new RoomFixture();
    private final FakeClient watcher;

    /** On the old host: a publishes audio and video, b watches; then that host is gone. */
    ResumeTest() {
        FakeClient publisher = old.settled("r", "a");
        publisher.offer(TestSdp.offer("abcd", "s", "audio", "video"));
        watcher = old.settled("r", "b");
    }

    private FakeClient resumed() {
        return noir.client().resume("r", "b", watcher.lastOffer(), TestSdp.answer(watcher.lastOffer()));
    }

    /** What a browser answers to an ICE restart. */
    private static String restartAnswer(String offer) {
        return TestSdp.answer(offer).replace("a=ice-ufrag:subs", "a=ice-ufrag:" + RESTART);
    }

    private static List<String> linesOf(String sdp, String prefix) {
        return sdp.lines().filter(line -> line.startsWith(prefix)).toList();
    }

    @Test
    void isOfferedTheSameSectionsWithNewCredentials() {
        FakeClient client = resumed();

        assertEquals(List.of("done", "offer", "trickle 1", "trickle 1"), client.log);
        for (String same : List.of("m=", "a=mid:", "a=msid:", "a=ssrc", "a=rtpmap:", "a=sendonly")) {
            assertEquals(linesOf(watcher.lastOffer(), same), linesOf(client.lastOffer(), same), same);
        }
        assertNotEquals(linesOf(watcher.lastOffer(), "a=ice-ufrag:"), linesOf(client.lastOffer(), "a=ice-ufrag:"));
        assertEquals(
                "ion-sfu",
                noir.last(TransportRole.SUBSCRIBER).channel("ion-sfu").label());
    }

    @Test
    void theReturningPublishersTracksTakeTheirOldSections() {
        FakeClient client = resumed();
        client.answer(restartAnswer(client.lastOffer()));
        FakeClient publisher = noir.client().resume("r", "a", "", "");
        publisher.offer(TestSdp.offer(RESTART, "s", "audio", "video"));

        assertTrue(publisher.errors.isEmpty());
        assertEquals(linesOf(watcher.lastOffer(), "a=mid:"), linesOf(client.lastOffer(), "a=mid:"));
        assertEquals(linesOf(watcher.lastOffer(), "a=msid:"), linesOf(client.lastOffer(), "a=msid:"));
        client.answer(restartAnswer(client.lastOffer()));
        assertEquals(2, noir.media.onlyRoom().transports.get(0).openDownTracks().size());
        noir.last(TransportRole.SUBSCRIBER).tell(TransportState.CONNECTED, MediaEnd.NONE);
        noir.media.onlyRoom().transports.get(0).tell(TransportState.CONNECTED, MediaEnd.NONE);
        noir.scheduler.advance(RoomFixture.LIMITS.resumeGrace().multipliedBy(2));
        assertEquals(2, linesOf(client.lastOffer(), "a=sendonly").size());
    }

    @Test
    void encodingsThatNameThemselvesNoMoreAreKnownFromBefore() {
        FakeClient publisher = old.settled("r", "c");
        publisher.offer(TestSdp.offer("abcd", "t", "simulcast-video"));
        FakeMediaPlane.FakeTransport before = old.last(TransportRole.PUBLISHER);
        before.tellLearned(before.tracks.get(0), 0, 0, 8);
        before.tellLearned(before.tracks.get(0), 0, 7, 8);
        before.tellLearned(before.tracks.get(0), 1, 0xFFFF_FFFFL, 0);
        assertEquals(
                List.of(
                        new LearnedEncoding("1", "low", 0, 8),
                        new LearnedEncoding("1", "low", 7, 8),
                        new LearnedEncoding("1", "high", 0xFFFF_FFFFL, 0)),
                publisher.learned);

        FakeClient client = noir.client()
                .resume(new ResumeRequest(
                        new RoomId("r"),
                        new PeerName("c"),
                        JoinConfig.NONE,
                        "",
                        "",
                        Caller.ANONYMOUS,
                        Set.of(),
                        publisher.learned.subList(1, 3)));
        client.offer(TestSdp.offer(RESTART, "t", "simulcast-video"));
        assertEquals(
                List.of(new Encoding("low", 7, 8), new Encoding("high", 0xFFFF_FFFFL, 0)),
                noir.last(TransportRole.PUBLISHER).tracks.get(0).published.encodings());
    }

    @Test
    void aTrackThatIsThereAlreadyIsInTheFirstOffer() {
        FakeClient publisher = noir.client().resume("r", "a", "", "");
        publisher.offer(TestSdp.offer(RESTART, "s", "audio", "video"));
        FakeClient client = resumed();
        client.answer(restartAnswer(client.lastOffer()));

        assertEquals(1, client.offers.size());
        assertEquals(linesOf(watcher.lastOffer(), "a=mid:"), linesOf(client.lastOffer(), "a=mid:"));
        assertEquals(2, noir.last(TransportRole.SUBSCRIBER).openDownTracks().size());
    }

    @Test
    void anotherTrackGetsANewSectionWhileTheOldOnesWait() {
        FakeClient client = resumed();
        client.answer(restartAnswer(client.lastOffer()));
        noir.settled("r", "c").offer(TestSdp.offer("abcd", "t", "video"));

        assertEquals(3, linesOf(client.lastOffer(), "a=sendonly").size());
        assertEquals(List.of("a=mid:0", "a=mid:1", "a=mid:2", "a=mid:3"), linesOf(client.lastOffer(), "a=mid:"));
    }

    @Test
    void whatDoesNotComeBackBecomesInactiveAfterTheGrace() {
        FakeClient client = resumed();
        client.answer(restartAnswer(client.lastOffer()));
        noir.last(TransportRole.SUBSCRIBER).tell(TransportState.CONNECTED, MediaEnd.NONE);
        client.offer(TestSdp.offer(RESTART, "mine"));
        noir.scheduler.advance(RoomFixture.LIMITS.resumeGrace().minusMillis(1));
        assertEquals(1, client.offers.size());
        noir.scheduler.advance(RoomFixture.LIMITS.resumeGrace());

        assertEquals(2, client.offers.size());
        assertEquals(2, linesOf(client.lastOffer(), "a=inactive").size());
        assertNull(client.closed);
    }

    @Test
    void aFullPublisherOfferIsAnsweredAsTheFirst() {
        FakeClient client = resumed();
        client.offer(TestSdp.offer(RESTART, "mine", "audio", "video"));

        assertTrue(client.errors.isEmpty());
        assertEquals(3, TestSdp.values(client.lastAnswer(), "m").size());
        assertEquals(2, noir.last(TransportRole.PUBLISHER).openTracks().size());
        assertTrue(client.log.contains("trickle 0"), client.log::toString);
    }

    @Test
    void anAnswerMeantForTheOldHostIsNotTaken() {
        FakeClient client = resumed();
        client.answer(TestSdp.answer(watcher.lastOffer()));

        assertEquals(List.of("setting remote description: this answers an earlier offer"), client.errors);
        assertTrue(noir.last(TransportRole.SUBSCRIBER).remotes.isEmpty());
        client.answer(restartAnswer(client.lastOffer()));
        assertEquals(1, noir.last(TransportRole.SUBSCRIBER).remotes.size());
    }

    @Test
    void aBrowserThatDoesNotRestartDtlsIsToldToRejoin() {
        FakeClient client = resumed();
        client.answer(restartAnswer(client.lastOffer()));
        noir.scheduler.advance(RoomFixture.LIMITS.resumeTimeout());

        assertEquals(CloseCause.REJOIN, client.closed);
        assertEquals(0, noir.rooms.peers());
        assertEquals(0, noir.scheduler.pending());
    }

    @Test
    void aClientThatNeverOffersItsPublisherAgainIsToldToRejoin() {
        FakeClient client = resumed();
        client.answer(restartAnswer(client.lastOffer()));
        noir.last(TransportRole.SUBSCRIBER).tell(TransportState.CONNECTED, MediaEnd.NONE);
        noir.scheduler.advance(RoomFixture.LIMITS.publisherTimeout());

        assertEquals(CloseCause.REJOIN, client.closed);
    }

    @Test
    void givesWayToWhoeverJoinedUnderItsNameMeanwhile() {
        FakeClient again = noir.settled("r", "b");
        FakeClient client = resumed();

        assertEquals(List.of("a peer of that name has joined meanwhile"), client.errors);
        assertNull(again.closed);
        assertEquals(1, noir.rooms.peers());
    }

    @Test
    void theRoomsLimitsAreNotAskedAgain() {
        noir.join("r", "c");
        noir.join("r", "d");
        noir.join("r", "e");

        assertTrue(resumed().errors.isEmpty());
        assertEquals(4, noir.rooms.peers());
    }

    @Test
    void garbageInsteadOfAnOfferIsRefusedAndUndone() {
        FakeClient client = noir.client().resume("r", "b", "garbage", "");

        assertFalse(client.errors.isEmpty());
        assertEquals(0, noir.rooms.rooms());
        assertEquals(0, noir.media.openObjects());
    }
}
