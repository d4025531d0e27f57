package dev.noir.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.NodeInfo;
import dev.noir.bus.NodeLoad;
import dev.noir.bus.NodeState;
import dev.noir.room.CloseCause;
import dev.noir.room.FakeClient;
import dev.noir.room.JoinConfig;
import dev.noir.room.MediaEnd;
import dev.noir.room.RoomCounts;
import dev.noir.room.RoomException;
import dev.noir.room.RoomOptions;
import dev.noir.room.TestSdp;
import dev.noir.room.TransportRole;
import dev.noir.room.TransportState;
import dev.noir.route.ClusterFixture.Node;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Clients at one node, rooms at another: seen from the client there is no difference. */
final class RoutedRoomsTest {
    private final ClusterFixture cluster = new ClusterFixture();
    private final Node front = cluster.front("front");
    private final Node host = cluster.node("host");

    @Test
    void aJoinIsAnsweredAndOfferedAsIfTheRoomWereHere() {
        FakeClient client = front.join("a");

        assertEquals(List.of("answer", "trickle 0", "trickle 0", "offer", "trickle 1", "trickle 1"), client.log);
        assertEquals("host", cluster.lease().orElseThrow().node());
        assertEquals(List.of(new RoomCounts(ClusterFixture.ROOM, 1, 0, 1)), host.service.counts());
        assertEquals(1, front.rooms.routedPeers());
        assertEquals(1, host.rooms.relayedPeers());
    }

    @Test
    void clientsOfDifferentNodesMeetInOneRoom() {
        FakeClient publisher = front.settled("a");
        FakeClient watcher = host.settled("b");
        publisher.offer(TestSdp.offer("abcd", "s", "audio", "video"));

        assertEquals(
                2,
                TestSdp.values(watcher.lastOffer(), "msid").stream()
                        .filter(msid -> msid.startsWith("s "))
                        .count());
        assertEquals(2, host.service.peers());
    }

    /** As {@code client.leave(); client.join()} does, whose connections say goodbye after the join. */
    @Test
    void aJoinWithAnotherCertificateTakesThePlaceOfTheOlder() {
        for (Node at : List.of(front, host)) {
            FakeClient client = at.settled("a");
            String next = TestSdp.dataOnly().replace("sha-256 E3", "sha-256 E4");
            client.join("other", "a", next, JoinConfig.NONE);

            assertEquals(List.of(), client.errors);
            assertEquals(2, client.answers.size());
            assertNull(client.closed);
            assertEquals(1, host.service.peers());
            client.join("other", "a", next, JoinConfig.NONE);
            assertEquals(List.of("rtc transport already exists for this connection"), client.errors);
            client.leave();
            assertEquals(0, host.service.peers());
        }
    }

    @Test
    void thatJoinMayBeOfTheSameRoomAndName() {
        FakeClient watcher = front.settled("b");
        FakeClient client = front.settled("a");
        client.offer(TestSdp.offer("abcd", "s", "video"));
        watcher.answerLast();
        String next = TestSdp.offer("abcd", "s", "video").replace("sha-256 E3", "sha-256 E4");
        client.join("r", "a", next, JoinConfig.NONE);

        assertEquals(List.of(), client.errors);
        assertNull(client.closed);
        assertEquals(2, host.service.peers());
        watcher.answerLast();
        assertTrue(watcher.lastOffer().contains("a=msid:s track-1"));
    }

    @Test
    void aJoinThatIsReplacedBeforeItsAnswerIsToldSo() {
        FakeClient client = front.client();
        front.bus.holds = true;
        client.join("r", "a", TestSdp.dataOnly(), JoinConfig.NONE);
        client.join("r", "a", TestSdp.dataOnly().replace("sha-256 E3", "sha-256 E4"), JoinConfig.NONE);
        front.bus.letGo();

        assertEquals(List.of("another join of this client has replaced this one"), client.errors);
        assertEquals(1, client.answers.size());
        assertEquals(1, host.service.peers());
    }

    @Test
    void requestsOfOneClientKeepTheirOrder() {
        FakeClient client = front.settled("a");
        front.bus.holds = true;
        client.offer(TestSdp.offer("abcd", "s", "audio"));
        client.offer(TestSdp.offer("abcd", "s", "audio", "video"));
        client.offer(TestSdp.offer("abcd", "s", "audio", "inactive-video"));
        assertEquals(1, client.answers.size());
        front.bus.letGo();

        assertEquals(
                List.of(2, 3, 3),
                client.answers.subList(1, 4).stream()
                        .map(answer -> TestSdp.values(answer, "m").size())
                        .toList());
        assertEquals(
                1, host.transports(TransportRole.PUBLISHER).get(0).openTracks().size());
    }

    @Test
    void requestsMadeBeforeTheJoinIsAnsweredWaitForIt() {
        front.bus.holds = true;
        FakeClient client = front.join("a");
        client.offer(TestSdp.offer("abcd", "s", "audio"));
        assertTrue(client.log.isEmpty());
        front.bus.letGo();

        assertEquals(2, client.answers.size());
        assertTrue(client.errors.isEmpty());
    }

    @Test
    void aClosedSocketTakesThePeerOutAtOnce() {
        FakeClient client = front.settled("a");
        client.leave();

        assertEquals(0, host.service.peers());
        assertTrue(cluster.lease().isEmpty());
    }

    @Test
    void aClientThatClosesBothConnectionsMayJoinAgain() {
        FakeClient client = front.settled("a");
        for (TransportRole role : TransportRole.values()) {
            host.transports(role).get(0).tell(TransportState.CLOSED, MediaEnd.CLOSED_BY_CLIENT);
        }
        assertNull(client.closed);
        assertFalse(front.rooms.isJoined(client.link));
        client.join("r", "a", TestSdp.dataOnly(), JoinConfig.NONE);

        assertEquals(2, client.answers.size());
    }

    @Test
    void whatTheHostClosesIsClosedWithItsReason() {
        FakeClient client = front.settled("a");
        host.settled("a");

        assertEquals(CloseCause.REPLACED, client.closed);
        assertEquals(0, front.rooms.routedPeers());
    }

    @Test
    void aJoinGoesToWhoeverHasTheRoom() {
        Node late = cluster.node("late");
        late.directory.claim(ClusterFixture.ROOM);

        assertEquals(1, front.join("a").answers.size());
        assertEquals(1, late.service.peers());
    }

    @Test
    void aLostClaimIsAnsweredWithTheWinnerAndTheJoinFollows() {
        Node winner = cluster.node("winner");
        winner.load = new NodeLoad(1, 0, 0, 0);
        host.directory.beforeClaim = winner.directory::claim;
        FakeClient client = front.join("a");

        assertEquals(1, client.answers.size(), client.errors::toString);
        assertEquals(1, winner.service.peers());
        assertEquals(0, host.service.rooms());
        assertEquals(0, host.rooms.relayedPeers());
    }

    @Test
    void aHostThatDoesNotAnswerEndsTheJoinAtItsDeadline() {
        host.bus.loses = true;
        FakeClient client = front.join("a");
        cluster.scheduler.advance(RoutingLimits.DEFAULT.joinDeadline());

        assertEquals(List.of("no server could take the room in time"), client.errors);
        assertFalse(front.rooms.isJoined(client.link));
        assertEquals(0, host.service.peers());
    }

    @Test
    void aLostJoinIsSentAgain() {
        front.bus.loses = true;
        FakeClient client = front.join("a");
        front.bus.loses = false;
        cluster.scheduler.advance(RoutingLimits.DEFAULT.attemptTimeout());

        assertEquals(1, client.answers.size());
        assertEquals(1, host.service.peers());
    }

    @Test
    void aNodeThatCannotTakeTheRoomNowIsPassedOver() {
        Node other = cluster.node("other");
        other.load = new NodeLoad(1, 0, 0, 0);
        host.media.broken = true;
        FakeClient client = front.join("a");
        cluster.scheduler.advance(Duration.ofSeconds(1));

        assertEquals(1, client.answers.size(), client.errors::toString);
        assertEquals(1, other.service.peers());
    }

    @Test
    void aRequestThatNobodyAnswersFails() {
        FakeClient client = front.settled("a");
        front.bus.loses = true;
        client.offer(TestSdp.offer("abcd", "s", "audio"));
        cluster.scheduler.advance(RoutingLimits.DEFAULT.requestDeadline());

        assertEquals(List.of("the server that hosts the room cannot be reached at the moment"), client.errors);
        assertNull(client.closed);
        assertEquals(1, front.rooms.busFailures());
    }

    @Test
    void aFullOutboxIsAnErrorAtOnce() {
        FakeClient client = front.settled("a");
        front.bus.full = true;
        client.offer(TestSdp.offer("abcd", "s", "audio"));

        assertEquals(List.of("the server that hosts the room cannot be reached at the moment"), client.errors);
    }

    @Test
    void moreRequestsThanMayWaitAreRefused() {
        FakeClient client = front.settled("a");
        front.bus.holds = true;
        for (int i = 0; i <= RoutingLimits.DEFAULT.maxRequests(); i++) {
            client.offer(TestSdp.offer("abcd", "s", "audio"));
        }
        assertEquals(List.of("too many requests of this client are waiting"), client.errors);
        front.bus.letGo();
        client.offer(TestSdp.offer("abcd", "s", "audio"));

        assertEquals(1, client.errors.size());
    }

    @Test
    void candidatesAreLookedAtHere() {
        FakeClient client = front.settled("a");
        int sent = front.bus.sent.size();
        client.trickle("candidate:1 1 udp 1 192.0.2.9 9 typ host");
        client.trickle("rubbish");

        assertEquals(1, client.errors.size());
        assertEquals(sent, front.bus.sent.size());
    }

    @Test
    void aLostLeaveIsPutRight() {
        FakeClient client = front.settled("a");
        front.bus.loses = true;
        client.leave();
        front.bus.loses = false;
        assertEquals(1, host.service.peers());
        cluster.scheduler.advance(RoutingLimits.DEFAULT.checkInterval());

        assertEquals(0, host.service.peers());
    }

    @Test
    void aPeerThatTheHostHasForgottenIsBroughtBack() {
        FakeClient client = front.settled("a");
        host.bus.loses = true;
        host.service.leaseLost(cluster.lease().orElseThrow());
        host.bus.loses = false;
        assertEquals(0, host.service.peers());
        cluster.scheduler.advance(RoutingLimits.DEFAULT.checkInterval());

        assertEquals(1, host.service.peers());
        assertEquals(1, front.rooms.resumedPeers());
        assertNull(client.closed);
    }

    @Test
    void newRoomsGoToTheLessLoadedOfTwo() {
        Node idle = cluster.node("idle");
        host.load = new NodeLoad(0.9, 0, 0, 0);
        front.join("a");

        assertEquals(1, idle.service.rooms());
    }

    @Test
    void nodesThatDrainOrHaveNoMediaGetNoNewRooms() {
        Node draining = cluster.node("draining");
        draining.registry.setState(NodeState.DRAINING);
        for (int i = 0; i < 20; i++) {
            front.client().join("room" + i, "a", TestSdp.dataOnly(), JoinConfig.NONE);
        }

        assertEquals(20, host.service.rooms());
    }

    @Test
    void whenNobodyTakesNewRoomsTheClientIsTold() {
        host.registry.setState(NodeState.DRAINING);
        FakeClient client = front.join("a");
        cluster.scheduler.advance(RoutingLimits.DEFAULT.joinDeadline());

        assertEquals(List.of("no server takes new rooms at the moment"), client.errors);
    }

    @Test
    void aServerThatHasJustComeGetsTheJoinThatWaits() {
        host.registry.setState(NodeState.DRAINING);
        FakeClient client = front.join("a");
        cluster.scheduler.advance(Duration.ofSeconds(3));
        Node next = cluster.node("next");
        cluster.scheduler.advance(Duration.ofSeconds(1));

        assertEquals(1, client.answers.size(), client.errors::toString);
        assertEquals(1, next.service.rooms());
    }

    @Test
    void aNodeThatBeganToDrainAMomentAgoSendsJoinsElsewhere() {
        host.service.drain();
        Node other = cluster.node("other");
        other.load = new NodeLoad(1, 0, 0, 0);
        FakeClient client = front.join("a");
        cluster.scheduler.advance(Duration.ofSeconds(1));

        assertEquals(1, client.answers.size());
        assertEquals(1, other.service.rooms());
    }

    /** As one whose heartbeat was late, and every host for 3 s after Redis came back. */
    private void hostRefusesClaims() {
        host.directory.beforeClaim = room -> {
            throw new RoomException(RoomException.Code.UNAVAILABLE, "hosts are being asked");
        };
    }

    @Test
    void aHostThatCannotOpenRoomsForAMomentIsAskedAgain() {
        hostRefusesClaims();
        FakeClient client = front.join("a");
        cluster.scheduler.advance(Duration.ofSeconds(3));
        assertEquals(List.of(), client.errors);
        host.directory.beforeClaim = room -> {};
        cluster.scheduler.advance(Duration.ofSeconds(1));

        assertEquals(1, client.answers.size());
        assertEquals(1, host.service.peers());
    }

    @Test
    void aHostThatCannotOpenRoomsForLongIsNotWaitedForAndSaysWhy() {
        hostRefusesClaims();
        FakeClient client = front.join("a");
        cluster.scheduler.advance(RoutingLimits.DEFAULT.joinDeadline());

        assertEquals(List.of("hosts are being asked"), client.errors);
        assertEquals(0, front.rooms.routedPeers());
    }

    @Test
    void aNodeAloneNeedsNobody() {
        ClusterFixture alone = new ClusterFixture();
        Node only = alone.node("only", Set.of(NodeInfo.SIGNAL, NodeInfo.SFU), RoomOptions.DEFAULT);
        FakeClient client = only.settled("a");
        client.offer(TestSdp.offer("abcd", "s", "audio"));

        assertEquals(2, client.answers.size());
        assertTrue(only.bus.sent.isEmpty());
    }
}
