package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.room.FakeMediaPlane.FakeTransport;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SubscriberTest {
    private static final Duration ANSWER_TIMEOUT = RoomFixture.LIMITS.answerTimeout();

    private final RoomFixture noir = new RoomFixture();

    @Test
    void changesWaitForTheAnswerAndThenGoIntoOneOffer() {
        FakeClient publisher = noir.settled("r", "a");
        FakeClient other = noir.join("r", "b");
        publisher.offer(TestSdp.offer("abcd", "s", "audio"));
        publisher.offer(TestSdp.offer("abcd", "s", "audio", "video"));
        assertEquals(1, other.offers.size());

        other.answerLast();
        assertEquals(2, other.offers.size());
        assertEquals(3, TestSdp.values(other.lastOffer(), "m").size());
    }

    @Test
    void aTrackThatCameAndWentMeanwhileNeedsNoOffer() {
        FakeClient publisher = noir.settled("r", "a");
        FakeClient other = noir.join("r", "b");
        publisher.offer(TestSdp.offer("abcd", "s", "video"));
        publisher.offer(TestSdp.offer("abcd", "s", "inactive-video"));
        other.answerLast();

        assertEquals(1, other.offers.size());
    }

    @Test
    void anUnansweredOfferIsRepeated() {
        FakeClient client = noir.join("r", "a");
        noir.scheduler.advance(ANSWER_TIMEOUT);
        assertEquals(2, client.offers.size());

        client.answerLast();
        noir.scheduler.advance(ANSWER_TIMEOUT.multipliedBy(5));
        assertEquals(2, client.offers.size());
        assertNull(client.closed);
    }

    @Test
    void aPeerThatNeverAnswersIsClosed() {
        FakeClient client = noir.join("r", "a");
        noir.scheduler.advance(ANSWER_TIMEOUT.multipliedBy(3));

        assertEquals(3, client.offers.size());
        assertEquals(CloseCause.NO_ANSWER, client.closed);
        assertEquals(0, noir.rooms.peers());
        assertEquals(0, noir.scheduler.pending());
    }

    @Test
    void aBadAnswerIsReportedAndNotCounted() {
        FakeClient client = noir.join("r", "a");
        client.answer("garbage");
        assertTrue(client.errors.get(0).startsWith("setting remote description: "), client.errors.get(0));

        client.answerLast();
        assertEquals(1, client.errors.size());
    }

    @Test
    void anAnswerNobodyAskedForIsRefused() {
        FakeClient client = noir.settled("r", "a");
        client.answerLast();

        assertEquals(List.of("setting remote description: no offer is outstanding"), client.errors);
    }

    /** Fixture: a tab sleeps while one publisher goes and another comes, then answers all that it has got. */
    @Test
    void lateAnswersAreNotTakenForNewerOffers() {
        FakeClient viewer = noir.settled("r", "viewer");
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        FakeClient bob = noir.client().join("r", "bob", TestSdp.offer("abcd", "b", "video"), JoinConfig.NONE);
        noir.scheduler.advance(Duration.ofSeconds(3));
        bob.leave();
        noir.scheduler.advance(Duration.ofSeconds(7));
        noir.client().join("r", "dora", TestSdp.offer("abcd", "d", "video"), JoinConfig.NONE);
        for (int answered = 1; answered < viewer.offers.size(); answered++) {
            viewer.answer(TestSdp.answer(viewer.offers.get(answered)));
        }

        assertEquals(
                List.of("d"),
                receiving.openDownTracks().stream()
                        .map(downTrack -> downTrack.track.published.streamId())
                        .toList());
        assertEquals(1, TestSdp.values(viewer.lastOffer(), "sendonly").size());
        noir.scheduler.advance(ANSWER_TIMEOUT.multipliedBy(4));
        assertNull(viewer.closed);
    }

    @Test
    void anOfferIsRepeatedAsItWas() {
        FakeClient viewer = noir.settled("r", "viewer");
        noir.client().join("r", "bob", TestSdp.offer("abcd", "b", "video"), JoinConfig.NONE);
        noir.client().join("r", "dora", TestSdp.offer("abcd", "d", "video"), JoinConfig.NONE);
        noir.scheduler.advance(ANSWER_TIMEOUT);

        assertEquals(viewer.offers.get(1), viewer.offers.get(2));
        viewer.answerLast();
        assertEquals(3, TestSdp.values(viewer.lastOffer(), "m").size());
    }

    @Test
    void anAnswerThatContradictsTheOfferIsAnEarlierOnes() {
        FakeClient publisher = noir.settled("r", "a");
        FakeClient viewer = noir.settled("r", "b");
        publisher.offer(TestSdp.offer("abcd", "s", "video"));
        viewer.answerLast();
        publisher.offer(TestSdp.offer("abcd", "s", "inactive-video"));
        String contradicting = TestSdp.answer(viewer.lastOffer());
        viewer.answer(contradicting.replace("a=inactive", "a=recvonly"));
        viewer.answer(contradicting.replaceFirst("(o=- \\d+) \\d+", "$1 2"));

        String earlier = "setting remote description: this answers an earlier offer";
        assertEquals(List.of(earlier, earlier), viewer.errors);
        viewer.answer(contradicting);
        assertEquals(2, viewer.errors.size());
    }

    /** What was taken for the answer was a late one that fitted: the right one comes after it. */
    @Test
    void theRightAnswerIsTakenAlsoAfterOneThatFitted() {
        FakeClient viewer = noir.settled("r", "viewer");
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        noir.client().join("r", "bob", TestSdp.offer("abcd", "b", "video"), JoinConfig.NONE);
        String right = TestSdp.answer(viewer.lastOffer());
        viewer.answer(right.replace("a=recvonly", "a=inactive"));
        assertEquals(0, receiving.openDownTracks().size());
        viewer.answer(right);

        assertEquals(1, receiving.openDownTracks().size());
        assertTrue(viewer.errors.isEmpty());
    }

    @Test
    void aDisconnectedTransportGetsARestartOffer() {
        FakeClient client = noir.settled("r", "a");
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        receiving.tell(TransportState.DISCONNECTED, MediaEnd.NONE);

        assertEquals(2, client.offers.size());
        assertEquals(2, receiving.credentials.size());
        assertNotEquals(
                TestSdp.values(client.offers.get(0), "ice-ufrag"), TestSdp.values(client.lastOffer(), "ice-ufrag"));
    }

    @Test
    void aRestartWhileAnOfferIsOutstandingWaits() {
        FakeClient client = noir.join("r", "a");
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        receiving.tell(TransportState.DISCONNECTED, MediaEnd.NONE);
        assertEquals(1, client.offers.size());
        assertEquals(1, receiving.credentials.size());

        client.answerLast();
        assertEquals(2, client.offers.size());
        assertEquals(2, receiving.credentials.size());
    }

    @Test
    void theClientsHalfReachesTheMediaPlaneOnce() {
        FakeClient publisher = noir.settled("r", "a");
        FakeClient other = noir.settled("r", "b");
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        publisher.offer(TestSdp.offer("abcd", "s", "video"));
        other.answerLast();

        assertEquals(1, receiving.remotes.size());
    }

    @Test
    void candidatesOfAnyKindAreTakenAndGarbageIsNot() {
        FakeClient client = noir.settled("r", "a");
        client.trickle("");
        client.trickle("candidate:2 1 TCP 2105458943 127.0.0.1 9 typ host tcptype active");
        client.trickle("candidate:1 1 udp 1 f1a0b0c0-1111-2222-3333-444455556666.local 9 typ host");
        assertTrue(client.errors.isEmpty());

        client.trickle("rubbish");
        assertTrue(client.errors.get(0).startsWith("setting ice candidate: "), client.errors.get(0));
    }
}
