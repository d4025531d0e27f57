package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class JoinTest {
    private final RoomFixture noir = new RoomFixture();

    @Test
    void isAnsweredThenOfferedWithCandidatesAfterEach() {
        FakeClient client = noir.join("r", "a");

        assertEquals(List.of("answer", "trickle 0", "trickle 0", "offer", "trickle 1", "trickle 1"), client.log);
        assertEquals(
                List.of("application 9 UDP/DTLS/SCTP webrtc-datachannel"), TestSdp.values(client.lastAnswer(), "m"));
        assertEquals(1, TestSdp.values(client.lastOffer(), "m").size());
        assertTrue(client.candidates.get(0).startsWith("0 0 0 candidate:1 1 udp "), client.candidates.get(0));
    }

    @Test
    void opensTheApiChannelOnTheSubscriberTransport() {
        noir.join("r", "a");

        assertEquals(
                "ion-sfu",
                noir.last(TransportRole.SUBSCRIBER).channel("ion-sfu").label());
        assertTrue(noir.last(TransportRole.PUBLISHER).channels.isEmpty());
    }

    @Test
    void twiceOnOneLinkIsRefusedAndTheFirstStays() {
        FakeClient client = noir.join("r", "a");
        client.join("other", "b", TestSdp.dataOnly(), JoinConfig.NONE);

        assertEquals(List.of("rtc transport already exists for this connection"), client.errors);
        assertEquals(1, noir.rooms.peers());
        assertEquals(1, noir.rooms.rooms());
    }

    @Test
    void requestsBeforeItAreRefused() {
        FakeClient client = noir.client();
        client.offer(TestSdp.dataOnly());
        client.answer("v=0\r\n");
        client.trickle("");

        String refusal = "no rtc transport exists for this Peer";
        assertEquals(List.of(refusal, refusal, refusal), client.errors);
    }

    @Test
    void withABadOfferIsUndone() {
        FakeClient client = noir.client().join("r", "a", "garbage", JoinConfig.NONE);

        assertTrue(client.errors.get(0).startsWith("error creating answer: "), client.errors.get(0));
        assertTrue(client.offers.isEmpty());
        assertEquals(0, noir.rooms.rooms());
        assertEquals(0, noir.media.openObjects());
        assertTrue(noir.directory.find(new RoomId("r")).isEmpty());

        client.join("r", "a", TestSdp.dataOnly(), JoinConfig.NONE);
        assertEquals(1, client.answers.size());
    }

    @Test
    void withABadOfferDoesNotDisturbTheOlderPeerOfThatName() {
        FakeClient older = noir.join("r", "a");
        noir.client().join("r", "a", "garbage", JoinConfig.NONE);

        assertNull(older.closed);
        assertEquals(1, noir.rooms.peers());
    }

    @Test
    void underTheSameNameReplacesTheOlderPeerAndTellsIt() {
        FakeClient older = noir.join("r", "a");
        FakeClient newer = noir.join("r", "a");

        assertEquals(CloseCause.REPLACED, older.closed);
        assertNull(newer.closed);
        older.leave();
        assertEquals(1, noir.rooms.peers());
        newer.answerLast();
        assertTrue(newer.errors.isEmpty());
    }

    @Test
    void isRefusedWhenTheRoomIsFull() {
        noir.join("r", "a");
        noir.join("r", "b");
        noir.join("r", "c");
        FakeClient fourth = noir.join("r", "d");
        FakeClient replacing = noir.join("r", "a");

        assertEquals(List.of("the room is full"), fourth.errors);
        assertTrue(replacing.errors.isEmpty());
        assertEquals(3, noir.rooms.peers());
    }

    @Test
    void withNoPublishIsAnsweredButNothingIsTaken() {
        FakeClient client = noir.client()
                .join("r", "a", TestSdp.offer("abcd", "s", "audio", "video"), new JoinConfig(true, false, false));

        assertEquals(2, TestSdp.values(client.lastAnswer(), "inactive").size());
        assertTrue(noir.last(TransportRole.PUBLISHER).tracks.isEmpty());
        assertEquals(
                "ion-sfu",
                noir.last(TransportRole.SUBSCRIBER).channel("ion-sfu").label());
    }

    @Test
    void withNoSubscribeGetsTheApiChannelAndNoTracks() {
        noir.client().join("r", "a", TestSdp.offer("abcd", "s", "audio"), JoinConfig.NONE);
        FakeClient client = noir.client().join("r", "b", TestSdp.dataOnly(), new JoinConfig(false, true, false));

        assertEquals(1, TestSdp.values(client.lastOffer(), "m").size());
        assertEquals(
                "ion-sfu",
                noir.last(TransportRole.SUBSCRIBER).channel("ion-sfu").label());
    }

    @Test
    void isRefusedWhileTheMediaPlaneIsBroken() {
        noir.media.broken = true;
        FakeClient client = noir.join("r", "a");

        assertEquals(List.of("broken"), client.errors);
        assertTrue(noir.directory.find(new RoomId("r")).isEmpty());
    }

    @Test
    void isRefusedWhileStopping() {
        FakeClient early = noir.join("r", "a");
        assertTrue(noir.rooms.close().isDone());
        FakeClient late = noir.join("r", "b");

        assertEquals(CloseCause.GOING_AWAY, early.closed);
        assertEquals(List.of("the server is going down"), late.errors);
        assertEquals(0, noir.rooms.rooms());
        assertEquals(0, noir.media.openObjects());
    }

    @Test
    void namesAreChecked() {
        assertEquals("uid must not hold control characters or marks of direction", message(() -> new PeerName("a\nb")));
        assertEquals("sid must have 1 to 128 characters", message(() -> new RoomId(" ")));
        assertEquals("sid must have 1 to 128 characters", message(() -> new RoomId("x".repeat(129))));
        assertTrue(PeerName.of("", new Random(1)).value().matches("c[0-9a-z]{24}"));
        assertFalse(new RoomId("test session").value().isEmpty());
    }

    private static String message(Runnable making) {
        try {
            making.run();
        } catch (RoomException e) {
            return Objects.requireNonNull(e.getMessage());
        }
        throw new AssertionError("accepted");
    }

    /** A client that could never join again, and a room that could never close. */
    @Test
    void anErrorEndsTheJoinAndNothingElse() {
        noir.media.dead = true;
        FakeClient client = noir.join("r", "a");
        assertEquals(List.of(RoomException.Code.INTERNAL), client.codes);
        assertEquals(0, noir.rooms.peers());
        assertEquals(0, noir.rooms.rooms());

        noir.media.dead = false;
        client.join("r", "a", TestSdp.dataOnly(), JoinConfig.NONE);
        assertEquals(1, client.answers.size());
    }
}
