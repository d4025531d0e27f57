package dev.noir.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.noir.room.FakeClient;
import dev.noir.room.FakeScheduler;
import dev.noir.room.Interleaving;
import dev.noir.room.JoinConfig;
import dev.noir.room.TestSdp;
import dev.noir.route.ClusterFixture.Node;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A peer comes in by a node that is being declared gone: whoever is faster where, it ends in exactly one place. */
final class EnterAndGoneTest {
    private static final int SEEDS = 300;

    private Interleaving threads = new Interleaving(0);
    private FakeScheduler time = new FakeScheduler();

    /** The room is at three, which somebody of its own has opened; one is about to be declared gone. */
    private ClusterFixture cluster(long seed) {
        threads = new Interleaving(seed);
        time = new FakeScheduler();
        ClusterFixture cluster = new ClusterFixture(threads, time);
        cluster.beforeAnyAnswer = threads::point;
        return cluster;
    }

    private static FakeClient join(Node node, String name) {
        return node.client().join(ClusterFixture.ROOM.value(), name, TestSdp.dataOnly(), JoinConfig.NONE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void nobodyStaysByANodeThatIsGone(boolean resumed) {
        for (long seed = 0; seed < SEEDS; seed++) {
            ClusterFixture cluster = cluster(seed);
            Node one = cluster.node("one");
            Node three = cluster.node("three");
            three.directory.claim(ClusterFixture.ROOM);
            join(three, "c");
            threads.runAll();
            join(one, "a");
            threads.execute(one::isFoundDead);
            threads.runAll();
            if (resumed) {
                time.advance(Duration.ofMinutes(1));
                threads.runAll();
            }

            assertEquals(1, three.service.peers(), "peers, seed " + seed);
            assertEquals(0, three.rooms.relayedPeers(), "relayed, seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void whoseNodeWasHeldToBeGoneForAWhileIsInOnePlace(int secondsGone) {
        for (long seed = 0; seed < SEEDS; seed++) {
            ClusterFixture cluster = cluster(seed);
            Node one = cluster.node("one");
            Node three = cluster.node("three");
            three.directory.claim(ClusterFixture.ROOM);
            join(three, "c");
            threads.runAll();
            FakeClient client = join(one, "a");
            threads.execute(() -> three.registry.holdsGone("one"));
            threads.runAll();
            time.advance(Duration.ofSeconds(secondsGone));
            three.registry.sees("one");
            for (int i = 0; i < 24; i++) {
                time.advance(Duration.ofMillis(500));
                threads.runAll();
                three.connectAll(); // Else everybody leaves for want of media.
                one.connectAll();
            }

            String what = "seed " + seed + ": " + client.log + client.errors;
            int routed = one.rooms.isJoined(client.link) ? 1 : 0;
            assertNull(client.closed, what);
            assertEquals(1 + routed, three.service.peers() + one.service.peers(), what);
            assertEquals(routed, three.rooms.relayedPeers() + one.service.peers(), what);
        }
    }
}
