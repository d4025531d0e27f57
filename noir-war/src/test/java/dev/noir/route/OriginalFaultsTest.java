package dev.noir.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.NodeInfo;
import dev.noir.room.CloseCause;
import dev.noir.room.FakeClient;
import dev.noir.room.JoinConfig;
import dev.noir.room.JoinRequest;
import dev.noir.room.LocalCandidate;
import dev.noir.room.ModerationResult;
import dev.noir.room.Notification;
import dev.noir.room.PeerLink;
import dev.noir.room.PeerName;
import dev.noir.room.Reply;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomOptions;
import dev.noir.room.Scheduler;
import dev.noir.room.TestSdp;
import dev.noir.room.TransportRole;
import dev.noir.route.ClusterFixture.Node;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the original did wrong between its nodes (docs/cluster.md lists it by these numbers), each made impossible. */
final class OriginalFaultsTest {
    private static final Set<String> MEDIA = Set.of(NodeInfo.SIGNAL, NodeInfo.SFU);
    private static final long DEADLINE_SECONDS = 30;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(1);
    private final ClusterFixture cluster = new ClusterFixture();

    @AfterEach
    void stopThreads() {
        threads.shutdownNow();
        timer.shutdownNow();
    }

    private Scheduler realTime() {
        return new Scheduler() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public Timer schedule(Duration delay, Runnable task) {
                Future<?> future = timer.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
                return () -> future.cancel(false);
            }
        };
    }

    @Test
    void fault1ManyFirstJoinsAtOnceAndOneOwner() throws InterruptedException {
        ClusterFixture busy = new ClusterFixture(threads, realTime());
        List<Node> nodes = List.of(busy.node("one"), busy.node("two"), busy.node("three"));
        for (int round = 0; round < 20; round++) {
            RoomId room = new RoomId("room " + round);
            Outcomes outcomes = new Outcomes(100);
            for (int i = 0; i < 100; i++) {
                Node node = nodes.get(i % nodes.size());
                JoinRequest request =
                        JoinRequest.anonymous(room, new PeerName("p" + i), TestSdp.dataOnly(), JoinConfig.NONE);
                threads.execute(() -> node.rooms.join(new SilentLink(), request, outcomes));
            }

            assertTrue(outcomes.settled.await(DEADLINE_SECONDS, TimeUnit.SECONDS));
            assertEquals(100, outcomes.answers.get());
            assertEquals(
                    1,
                    nodes.stream()
                            .filter(node -> node.service.lease(room).isPresent())
                            .count());
        }
        assertEquals(2000, nodes.stream().mapToInt(node -> node.service.peers()).sum());
    }

    @Test
    void fault2WhoHostsTheRoomIsWhoStandsInTheLease() {
        Node front = cluster.front("front");
        Node host = cluster.node("host");
        front.join("a");
        FakeClient between = host.join("b");

        assertEquals("host", cluster.lease().orElseThrow().node());
        assertEquals(2, host.service.peers());
        assertEquals(0, front.service.rooms());
        assertNotNull(between.lastAnswer());
    }

    @Test
    void fault3NobodyIsTakenForDeadBecauseTheStoreIsLate() {
        Node front = cluster.front("front");
        Node host = cluster.node("host");
        FakeClient client = front.settled("a");
        cluster.storeGoesAway();
        cluster.scheduler.advance(Duration.ofMinutes(1));
        cluster.storeComesBack();

        assertNull(client.closed);
        assertEquals(1, host.service.peers());
    }

    @Test
    void fault3ClientsOfADeadHostAreMovedAtOnceAndNotWithTheNextJoin() {
        Node front = cluster.front("front");
        Node host = cluster.node("host");
        FakeClient client = front.settled("a");
        Node survivor = cluster.node("survivor");
        host.dies();
        host.isFoundDead();

        assertEquals(1, survivor.service.peers());
        assertEquals(2, client.offers.size());
    }

    @Test
    void fault4AMessageForAnEarlierPeerReachesNoLaterOne() {
        Node front = cluster.front("front");
        Node host = cluster.node("host");
        FakeClient client = front.settled("a");
        host.bus.holds = true;
        host.service.handOver(CloseCause.GOING_AWAY);
        client.leave();
        client.join("other", "a", TestSdp.dataOnly(), JoinConfig.NONE);
        host.bus.letGo();

        assertNull(client.closed);
    }

    @Test
    void fault5CandidatesBelongToTheConnectionTheyNameAlsoOverTheBus() {
        Node front = cluster.front("front");
        cluster.node("host");
        FakeClient client = front.join("a");

        assertEquals(List.of("trickle 0", "trickle 0"), client.log.subList(1, 3));
        assertEquals(List.of("trickle 1", "trickle 1"), client.log.subList(4, 6));
        assertTrue(client.candidates.get(0).startsWith("0 0 0 candidate:1 1 udp "), client.candidates.get(0));
    }

    @Test
    void fault6EveryRefusalReachesTheClient() {
        Node front = cluster.front("front");
        FakeClient early = front.join("a");
        cluster.scheduler.advance(RoutingLimits.DEFAULT.joinDeadline());
        assertEquals(List.of("no server takes new rooms at the moment"), early.errors);
        Node host =
                cluster.node("host", MEDIA, RoomOptions.DEFAULT.withMaxPeers(2).asChannel());
        FakeClient first = front.settled("a");
        FakeClient second = front.settled("b");
        first.offer(TestSdp.offer("abcd", "s", "audio"));
        second.offer(TestSdp.offer("abcd", "t", "audio"));
        second.answer("garbage");

        assertEquals(List.of("the room is full"), front.join("c").errors);
        assertEquals("the channel has a publisher already", second.errors.get(0));
        assertTrue(second.errors.get(1).startsWith("setting remote description: "), second.errors.get(1));
        FakeClient bad = front.client().join("new", "d", "garbage", JoinConfig.NONE);
        assertTrue(bad.errors.get(0).startsWith("error creating answer: "), bad.errors.get(0));
        host.media.broken = true;
        FakeClient last = front.client().join("new", "d", TestSdp.dataOnly(), JoinConfig.NONE);
        cluster.scheduler.advance(RoutingLimits.DEFAULT.joinDeadline());
        assertEquals(List.of("broken"), last.errors);
    }

    @Test
    void fault7WhoLeavesLeavesNothingBehind() {
        Node front = cluster.front("front");
        Node host = cluster.node("host");
        int timers = cluster.scheduler.pending();
        for (int i = 0; i < 100; i++) {
            FakeClient client = front.settled("a");
            client.offer(TestSdp.offer("abcd", "s", "audio"));
            client.leave();
        }

        assertEquals(timers, cluster.scheduler.pending());
        assertEquals(0, front.rooms.routedPeers() + host.rooms.relayedPeers());
        assertEquals(0, host.service.peers() + host.service.rooms());
        assertEquals(0, host.media.openObjects());
    }

    @Test
    void fault8AClaimThatHangsHoldsUpNoOtherRoom() throws InterruptedException {
        ClusterFixture busy = new ClusterFixture(threads, realTime());
        Node node = busy.node("one");
        CountDownLatch release = new CountDownLatch(1);
        node.directory.beforeClaim = room -> {
            if (room.value().equals("slow")) {
                awaitUninterrupted(release);
            }
        };
        Outcomes slow = new Outcomes(1);
        Outcomes fast = new Outcomes(50);
        node.rooms.join(new SilentLink(), request("slow", 0), slow);
        for (int i = 0; i < 50; i++) {
            node.rooms.join(new SilentLink(), request("fast " + i, i), fast);
        }

        assertTrue(fast.settled.await(DEADLINE_SECONDS, TimeUnit.SECONDS));
        assertEquals(50, fast.answers.get());
        assertEquals(1, slow.settled.getCount());
        release.countDown();
        assertTrue(slow.settled.await(DEADLINE_SECONDS, TimeUnit.SECONDS));
    }

    private static JoinRequest request(String room, int peer) {
        return JoinRequest.anonymous(new RoomId(room), new PeerName("p" + peer), TestSdp.dataOnly(), JoinConfig.NONE);
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void fault9AStoreThatFailsGivesErrorsAndWorksAgain() {
        Node front = cluster.front("front");
        Node host = cluster.node("host");
        cluster.storeGoesAway();
        assertFalse(front.join("a").errors.isEmpty());
        assertFalse(host.join("a").errors.isEmpty());
        assertEquals(0, host.service.rooms());
        cluster.storeComesBack();

        assertEquals(1, front.join("a").answers.size());
        assertEquals(1, host.join("b").answers.size());
    }

    @Test
    void fault11PeersOfACrashedNodeAreTakenOutOfTheirRooms() {
        Node front = cluster.front("front");
        Node host = cluster.node("host");
        front.settled("a");
        FakeClient stays = host.settled("b");
        front.dies();
        front.isFoundDead();

        assertEquals(1, host.service.peers());
        assertEquals(0, host.rooms.relayedPeers());
        assertNull(stays.closed);
    }

    @Test
    void fault12NameAndConfigOfTheJoinReachTheHost() {
        Node front = cluster.front("front");
        Node host = cluster.node("host");
        host.settled("p").offer(TestSdp.offer("abcd", "s", "audio"));
        FakeClient client = front.client()
                .join("r", "named", TestSdp.offer("abcd", "t", "video"), new JoinConfig(true, true, false));

        assertEquals(1, TestSdp.values(client.lastAnswer(), "inactive").size());
        assertEquals(1, TestSdp.values(client.lastOffer(), "m").size());
        FakeClient again = host.join("named");
        assertEquals(CloseCause.REPLACED, client.closed);
        assertNotEquals(CloseCause.REPLACED, again.closed);
    }

    /** A client that nobody listens to. */
    private static final class SilentLink implements PeerLink {
        @Override
        public void offer(String sdp) {
            // Never answered.
        }

        @Override
        public void trickle(TransportRole role, LocalCandidate candidate) {
            // As above.
        }

        @Override
        public void notify(Notification notification) {
            // As above.
        }

        @Override
        public void close(CloseCause cause) {
            // As above.
        }
    }

    /** Counts what becomes of requests. */
    private static final class Outcomes implements Reply {
        final CountDownLatch settled;
        final AtomicInteger answers = new AtomicInteger();

        Outcomes(int expected) {
            settled = new CountDownLatch(expected);
        }

        @Override
        public void answer(String sdp) {
            answers.incrementAndGet();
            settled.countDown();
        }

        @Override
        public void done() {
            settled.countDown();
        }

        @Override
        public void result(ModerationResult result) {
            settled.countDown();
        }

        @Override
        public void error(RoomException error) {
            settled.countDown();
        }
    }
}
