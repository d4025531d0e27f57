package dev.noir.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.NodeState;
import dev.noir.room.CloseCause;
import dev.noir.room.FakeClient;
import dev.noir.room.JoinConfig;
import dev.noir.room.RoomLease;
import dev.noir.room.TestSdp;
import dev.noir.route.ClusterFixture.Node;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A node dies, is cut off or gives its rooms away: who stays where, and who is told what. */
final class TakeOverTest {
    private static final String RESTART = "wxyz";

    private final ClusterFixture cluster = new ClusterFixture();
    private final Node one = cluster.node("one");
    private final Node two = cluster.node("two");
    private final Node three = cluster.node("three");

    /** The room is at three; a is attached to one, b to two. */
    private final FakeClient publisher;

    private final FakeClient watcher;
    private final RoomLease old;

    TakeOverTest() {
        old = three.directory.claim(ClusterFixture.ROOM);
        publisher = one.settled("a");
        watcher = two.settled("b");
        publisher.offer(TestSdp.offer("abcd", "s", "audio", "video"));
        watcher.answerLast();
    }

    private static List<String> linesOf(String sdp, String prefix) {
        return sdp.lines().filter(line -> line.startsWith(prefix)).toList();
    }

    /** What a browser answers to an ICE restart. */
    private static void answerRestart(FakeClient client) {
        client.answer(TestSdp.answer(client.lastOffer()).replace("a=ice-ufrag:subs", "a=ice-ufrag:" + RESTART));
    }

    private void hostDies() {
        three.dies();
        three.isFoundDead();
    }

    @Test
    void bothClientsMeetAgainInOneRoomOfASurvivor() {
        hostDies();

        RoomLease lease = cluster.lease().orElseThrow();
        assertNotEquals("three", lease.node());
        assertTrue(lease.epoch() > old.epoch());
        assertEquals(2, cluster.host().service.peers());
        assertEquals(1, one.service.rooms() + two.service.rooms());
        assertEquals(2, one.rooms.resumedPeers() + two.rooms.resumedPeers());
        assertNull(publisher.closed);
        assertNull(watcher.closed);
    }

    @Test
    void theSubscriberConnectionIsOfferedAgainAsItWasWithNewCredentials() {
        String before = watcher.lastOffer();
        hostDies();
        String after = watcher.lastOffer();

        for (String same : List.of("m=", "a=mid:", "a=msid:", "a=sendonly")) {
            assertEquals(linesOf(before, same), linesOf(after, same), same);
        }
        assertNotEquals(linesOf(before, "a=ice-ufrag:"), linesOf(after, "a=ice-ufrag:"));
    }

    @Test
    void mediaFlowsAgainWhenThePublisherHasOfferedItsRestart() {
        hostDies();
        answerRestart(publisher);
        answerRestart(watcher);
        publisher.offer(TestSdp.offer(RESTART, "s", "audio", "video"));
        answerRestart(watcher);

        assertTrue(publisher.errors.isEmpty(), publisher.errors::toString);
        assertEquals(3, TestSdp.values(publisher.lastAnswer(), "m").size());
        assertEquals(
                2,
                cluster.host().transports().stream()
                        .mapToLong(transport -> transport.openDownTracks().size())
                        .sum());
    }

    @Test
    void anOfferThatTheDeadHostHasNotAnsweredIsAnsweredByTheNext() {
        one.bus.loses = true;
        publisher.offer(TestSdp.offer("abcd", "s", "audio", "video", "video"));
        one.bus.loses = false;
        assertEquals(2, publisher.answers.size());
        three.dies();
        three.isFoundDead();

        assertEquals(3, publisher.answers.size());
        assertTrue(publisher.errors.isEmpty());
    }

    @Test
    void anAnswerGivenMeanwhileIsNotTakenForTheNextHosts() {
        three.dies();
        watcher.answerLast();
        three.isFoundDead();

        assertTrue(cluster.host().transports().stream().allMatch(transport -> transport.remotes.isEmpty()));
    }

    @Test
    void theRoomWaitsForTheDeadNodesLeaseToRunOut() {
        three.dies();
        three.registry.close();
        assertEquals(0, one.service.peers() + two.service.peers());
        three.isFoundDead();
        cluster.scheduler.advance(RoutingLimits.DEFAULT.retryDelay());

        assertEquals(2, cluster.host().service.peers());
    }

    @Test
    void aClientIsToldToRejoinWhenNobodyTakesTheRoom() {
        one.registry.setState(NodeState.DRAINING);
        two.registry.setState(NodeState.DRAINING);
        hostDies();
        cluster.scheduler.advance(RoutingLimits.DEFAULT.resumeDeadline());

        assertEquals(CloseCause.ROOM_LOST, publisher.closed);
        assertEquals(CloseCause.ROOM_LOST, watcher.closed);
        assertEquals(1, one.rooms.lostPeers());
    }

    @Test
    void aClientThatCameBackByItselfIsNotReplacedByItsResumedSelf() {
        // b's page has given up its socket at node two and joined again at node one, which two has not noticed.
        three.dies();
        three.isFoundDead();
        FakeClient again = one.join("b");

        assertEquals(CloseCause.REPLACED, watcher.closed);
        assertNull(again.closed);
        assertEquals(2, cluster.host().service.peers());
    }

    @Test
    void peersOfADeadSignallingNodeLeaveAtOnceAndOthersStay() {
        one.dies();
        one.isFoundDead();

        assertEquals(1, three.service.peers());
        assertEquals(2, linesOf(watcher.lastOffer(), "a=inactive").size());
        assertNull(watcher.closed);
    }

    @Test
    void aJoinThatComesLateFromADeadNodeIsNotTaken() {
        one.bus.holds = true;
        one.client().join("r", "late", TestSdp.dataOnly(), JoinConfig.NONE);
        one.isFoundDead();
        one.bus.letGo();

        assertEquals(1, three.service.peers());
    }

    @Test
    void aFencedHostClosesItsCopyAndItsPeersGoToTheNewOwner() {
        FakeClient attached = three.settled("c");
        cluster.expire(three);
        two.directory.claim(ClusterFixture.ROOM);
        three.service.leaseLost(old);

        assertEquals(CloseCause.ROOM_MOVED, attached.closed);
        assertEquals(0, three.service.rooms());
        assertEquals(1, three.service.fencedRooms());
        assertEquals(2, two.service.peers());
        assertNull(publisher.closed);
        assertNull(watcher.closed);
    }

    @Test
    void whatAFencedHostSaysIsNotListenedToAnyMore() {
        String before = watcher.lastOffer();
        three.bus.holds = true;
        publisher.offer(TestSdp.offer("abcd", "s", "audio"));
        three.isFoundDead();
        int offers = watcher.offers.size();
        three.bus.letGo();

        assertEquals(offers, watcher.offers.size());
        assertEquals(linesOf(before, "a=mid:"), linesOf(watcher.lastOffer(), "a=mid:"));
    }

    @Test
    void aHandedOverRoomGoesOnElsewhereAndClientsAttachedHereAreTold() {
        FakeClient attached = three.settled("c");
        three.handsOver();

        assertEquals(CloseCause.GOING_AWAY, attached.closed);
        assertNull(publisher.closed);
        assertNotEquals("three", cluster.lease().orElseThrow().node());
        assertEquals(2, cluster.host().service.peers());
        assertEquals(0, three.service.rooms());
        assertEquals(0, three.media.openObjects());
    }

    @Test
    void aNodeThatDrainsKeepsItsRoomsAndTakesNoNewOnes() {
        three.registry.setState(NodeState.DRAINING);
        three.service.drain();
        one.settled("d");
        assertEquals(3, three.service.peers());
        for (int i = 0; i < 10; i++) {
            three.client().join("other" + i, "x", TestSdp.dataOnly(), JoinConfig.NONE);
        }

        assertEquals(1, three.service.rooms());
        assertEquals(10, one.service.rooms() + two.service.rooms());
    }

    @Test
    void relayedPeersOutliveAnOutageOfTheStore() {
        cluster.storeGoesAway();
        publisher.offer(TestSdp.offer("abcd", "s", "audio", "video"));
        assertEquals(List.of("the server that hosts the room cannot be reached at the moment"), publisher.errors);
        cluster.scheduler.advance(Duration.ofSeconds(60));
        cluster.storeComesBack();
        publisher.offer(TestSdp.offer("abcd", "s", "audio", "video"));

        assertEquals(1, publisher.errors.size());
        assertNull(publisher.closed);
        assertNull(watcher.closed);
        assertEquals(2, three.service.peers());
        assertEquals(0, one.rooms.resumedPeers());
    }

    @Test
    void offersMadeDuringAnOutageArriveAfterIt() {
        FakeClient here = three.settled("c");
        cluster.storeGoesAway();
        int offers = watcher.offers.size();
        here.offer(TestSdp.offer("abcd", "t", "audio"));
        cluster.scheduler.advance(Duration.ofSeconds(60));
        assertEquals(offers, watcher.offers.size());
        cluster.storeComesBack();
        cluster.scheduler.advance(Duration.ofSeconds(1));

        assertEquals(offers + 1, watcher.offers.size());
        assertEquals(3, linesOf(watcher.lastOffer(), "a=sendonly").size());
    }

    @Test
    void duringAnOutageRoomsOfTheAttachedNodeGoOnAndTheRestFailsFast() {
        cluster.storeGoesAway();
        FakeClient here = three.join("c");
        FakeClient elsewhere = one.join("d");

        assertEquals(1, here.answers.size());
        assertEquals(List.of("rooms of other servers cannot be reached at the moment"), elsewhere.errors);
        cluster.storeComesBack();
        assertEquals(1, one.join("d").answers.size());
        assertEquals(4, three.service.peers());
    }

    @Test
    void requestsUnderWayWhenTheStoreGoesAwayFailAtOnce() {
        one.bus.loses = true;
        publisher.offer(TestSdp.offer("abcd", "s", "audio"));
        assertTrue(publisher.errors.isEmpty());
        cluster.storeGoesAway();

        assertEquals(1, publisher.errors.size());
    }
}
