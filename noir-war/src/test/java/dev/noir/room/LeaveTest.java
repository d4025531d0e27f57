package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.room.FakeMediaPlane.FakeTransport;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LeaveTest {
    private final RoomFixture noir = new RoomFixture();

    @Test
    void theLastOneClosesTheRoomAndGivesItUp() {
        FakeClient client = noir.settled("r", "a");
        client.leave();

        assertEquals(0, noir.rooms.rooms());
        assertEquals(0, noir.rooms.peers());
        assertEquals(0, noir.media.openObjects());
        assertEquals(0, noir.scheduler.pending());
        assertTrue(noir.directory.find(new RoomId("r")).isEmpty());
    }

    @Test
    void othersLoseTheTracks() {
        FakeClient publisher = noir.settled("r", "a");
        FakeClient other = noir.settled("r", "b");
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        publisher.offer(TestSdp.offer("abcd", "s", "video"));
        other.answerLast();
        publisher.leave();

        assertTrue(receiving.openDownTracks().isEmpty());
        assertEquals(1, TestSdp.values(other.lastOffer(), "inactive").size());
        assertEquals(1, noir.rooms.peers());
    }

    @Test
    void bothConnectionsClosedByTheClientIsLeavingAndItMayJoinAgain() {
        FakeClient client = noir.settled("r", "a");
        noir.last(TransportRole.PUBLISHER).tell(TransportState.CLOSED, MediaEnd.CLOSED_BY_CLIENT);
        assertEquals(1, noir.rooms.peers());
        noir.last(TransportRole.SUBSCRIBER).tell(TransportState.CLOSED, MediaEnd.CLOSED_BY_CLIENT);

        assertEquals(0, noir.rooms.peers());
        assertNull(client.closed);
        client.join("r", "a", TestSdp.dataOnly(), JoinConfig.NONE);
        assertEquals(2, client.answers.size());
        assertTrue(client.errors.isEmpty());
    }

    @Test
    void closingTheOnlyConnectionThatCameAboutIsLeaving() {
        noir.join("r", "a");
        noir.last(TransportRole.PUBLISHER).tell(TransportState.CONNECTED, MediaEnd.NONE);
        noir.last(TransportRole.PUBLISHER).tell(TransportState.CLOSED, MediaEnd.CLOSED_BY_CLIENT);

        assertEquals(0, noir.rooms.peers());
    }

    @Test
    void aClosedPublisherConnectionEndsItsTracks() {
        FakeClient publisher = noir.settled("r", "a");
        FakeTransport sending = noir.last(TransportRole.PUBLISHER);
        FakeClient other = noir.settled("r", "b");
        publisher.offer(TestSdp.offer("abcd", "s", "video"));
        other.answerLast();
        sending.tell(TransportState.CLOSED, MediaEnd.CLOSED_BY_CLIENT);

        assertEquals(1, TestSdp.values(other.lastOffer(), "inactive").size());
        assertEquals(2, noir.rooms.peers());
    }

    @Test
    void aFailedConnectionExpelsThePeerWithAReason() {
        FakeClient client = noir.settled("r", "a");
        noir.last(TransportRole.SUBSCRIBER).tell(TransportState.CLOSED, MediaEnd.CONSENT_EXPIRED);

        assertNotNull(client.closed);
        assertEquals("the media connection failed: the network path was lost", client.closed.reason());
        assertEquals(4002, client.closed.code());
        assertEquals(0, noir.media.openObjects());
    }

    @Test
    void aLostRoomClosesItsPeersAndTheNextJoinOpensANewOne() {
        FakeClient a = noir.settled("r", "a");
        FakeClient b = noir.settled("r", "b");
        FakeMediaPlane.FakeRoom room = noir.media.onlyRoom();
        room.events.execute(room.lost);

        assertEquals(CloseCause.ROOM_LOST, a.closed);
        assertEquals(CloseCause.ROOM_LOST, b.closed);
        assertEquals(0, noir.rooms.rooms());
        noir.join("r", "a");
        assertEquals(2, noir.media.rooms.size());
    }

    @Test
    void aBugOfOursCostsOnePeerItsPlaceAndNobodyElse() {
        FakeClient a = noir.settled("r", "a");
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        FakeClient b = noir.settled("r", "b");
        receiving.tellMessage(receiving.channel("ion-sfu"), "bug");

        assertEquals(CloseCause.INTERNAL_ERROR, a.closed);
        assertNull(b.closed);
        assertEquals(1, noir.rooms.peers());
    }

    @Test
    void leavingTwiceIsHarmless() {
        FakeClient a = noir.settled("r", "a");
        FakeClient b = noir.settled("r", "b");
        a.leave();
        a.leave();

        assertEquals(1, noir.rooms.peers());
        b.leave();
        assertEquals(0, noir.rooms.rooms());
    }

    @Test
    void twoHundredJoinsAndLeavesLeaveNothingBehind() {
        for (int i = 0; i < 200; i++) {
            FakeClient a = noir.settled("r", "a");
            FakeClient b = noir.settled("r", "b");
            a.offer(TestSdp.offer("abcd", "s", "audio", "video"));
            b.answerLast();
            a.leave();
            b.leave();
        }

        assertEquals(0, noir.rooms.rooms());
        assertEquals(0, noir.rooms.peers());
        assertEquals(0, noir.media.openObjects());
        assertEquals(0, noir.scheduler.pending());
    }

    @Test
    void aRoomWhoseLeaseIsLostClosesAndItsClientsAreToldToRejoin() {
        FakeClient client = noir.settled("r", "a");
        RoomLease lease = noir.directory.find(new RoomId("r")).orElseThrow();
        noir.rooms.leaseLost(lease);

        assertEquals(CloseCause.ROOM_MOVED, client.closed);
        assertEquals(0, noir.rooms.rooms());
        assertEquals(0, noir.media.openObjects());
        assertEquals(1, noir.rooms.fencedRooms());
        // A lease that is not in force here is not ours to give up.
        assertEquals(Optional.of(lease), noir.directory.find(new RoomId("r")));
    }

    @Test
    void theLossOfAnEarlierLeaseDoesNotConcernTheRoomOpenedSince() {
        RoomLease earlier = new RoomLease(new RoomId("r"), "node", 0);
        FakeClient client = noir.settled("r", "a");
        noir.rooms.leaseLost(earlier);

        assertNull(client.closed);
        assertEquals(0, noir.rooms.fencedRooms());
    }
}
