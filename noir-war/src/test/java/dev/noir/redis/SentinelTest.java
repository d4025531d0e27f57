package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.bus.Await;
import dev.noir.bus.Envelope;
import dev.noir.bus.NodeBusContract;
import dev.noir.fixture.RedisSentinels;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@Tag("cluster")
@ResourceLock(RedisNodes.PATIENCE)
final class SentinelTest extends RedisContracts {
    private RedisSentinels redis;

    @Override
    AutoCloseable install() {
        redis = RedisSentinels.start();
        return redis;
    }

    @Override
    String url() {
        return redis.url();
    }

    @Override
    List<String> askAll(String... command) {
        return List.of(redis.currentMaster().ask(command));
    }

    /** Runs before the contracts, which then hold with the new master. */
    @Test
    void aFailOverCostsNoNodeAndNoLeaseAndRepeatsNothing() {
        Cluster a = nodes().start("a");
        Cluster b = nodes().start("b");
        Await.until("both are ready", () -> a.isReady() && b.isReady());
        RoomLease lease = a.rooms().claim(new RoomId("room"));
        Watch watch = Watch.on(b);
        List<Envelope> received = NodeBusContract.listen(b.bus());
        List<Envelope> taken = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            if (i == 150) {
                redis.killMaster();
            }
            Envelope envelope = NodeBusContract.ping("a", "b", i);
            Await.until("it is taken", () -> a.bus().send(envelope));
            taken.add(envelope);
        }
        Envelope last = taken.get(taken.size() - 1);
        Await.until("the last one arrives", () -> received.contains(last));
        Await.until("both are ready again", () -> a.isReady() && b.isReady());

        // Replication is asynchronous, so some may be lost with the master; none is doubled, none overtakes another.
        List<Envelope> expected = new ArrayList<>(taken);
        expected.retainAll(received);
        assertEquals(expected, received);
        assertEquals(lease, b.rooms().claim(new RoomId("room")));
        assertEquals(List.of("lost", "back"), watch.told());
    }

    @Nested
    final class Directory extends OnDirectory {}

    @Nested
    final class Bus extends OnBus {}

    @Nested
    final class SignedBus extends OnSignedBus {}

    @Nested
    final class Registry extends OnRegistry {}
}
