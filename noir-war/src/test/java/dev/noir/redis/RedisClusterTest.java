package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.Await;
import dev.noir.bus.Envelope;
import dev.noir.bus.NodeBusContract;
import dev.noir.fixture.RedisCluster;
import dev.noir.fixture.RedisProcess;
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
final class RedisClusterTest extends RedisContracts {
    private static final RoomId ROOM = new RoomId("room");

    private RedisCluster redis;

    @Override
    AutoCloseable install() {
        redis = RedisCluster.start();
        return redis;
    }

    @Override
    String url() {
        return redis.url();
    }

    @Override
    List<String> askAll(String... command) {
        return redis.masters().stream().map(master -> master.ask(command)).toList();
    }

    @Test
    void aSlotThatMovesCostsNoLeaseAndNoEnvelope() {
        Cluster a = nodes().start("a");
        Cluster b = nodes().start("b");
        Await.until("both are ready", () -> a.isReady() && b.isReady());
        RoomLease lease = a.rooms().claim(ROOM);
        Watch watch = Watch.on(b);
        List<Envelope> received = NodeBusContract.listen(b.bus());
        List<Envelope> taken = new ArrayList<>();
        List<String> moving = List.of(RedisKeys.inbox("b", ""), RedisKeys.lease(ROOM), RedisKeys.NODE_INFO);
        for (int i = 0; i < 300; i++) {
            if (i % 100 == 50) {
                move(moving.get(i / 100));
            }
            Envelope envelope = NodeBusContract.ping("a", "b", i);
            Await.until("it is taken", () -> a.bus().send(envelope));
            taken.add(envelope);
        }

        Await.until("all arrive", () -> received.size() >= taken.size());
        assertEquals(taken, received);
        assertEquals(lease, b.rooms().claim(ROOM));
        assertTrue(a.rooms().renew(lease));
        assertEquals(List.of(), watch.told());
    }

    @Test
    void whenOneMasterComesBackEmptyHostsKeepTheirRooms() {
        Cluster a = nodes().start("a");
        Cluster b = nodes().start("b");
        Await.until("both are ready", () -> a.isReady() && b.isReady());
        RoomId room = new RoomId("another room");
        RoomLease lease = a.rooms().claim(room);
        int slot = slotOf(RedisKeys.lease(room));
        RedisProcess master = redis.masters().get(firstOwner(slot));
        master.kill();
        master.restart();
        Await.until("a has put it in force again", () -> master.ask("GET", RedisKeys.lease(room))
                .startsWith(Long.toString(lease.epoch())));

        Await.until("b may ask", b::isReady);
        assertEquals(lease, b.rooms().claim(room));
    }

    private void move(String key) {
        int slot = slotOf(key);
        int owner = firstOwner(slot);
        List<RedisProcess> masters = redis.masters();
        redis.moveSlot(slot, masters.get(owner), masters.get((owner + 1) % masters.size()));
    }

    private int slotOf(String key) {
        return Integer.parseInt(redis.masters().get(0).ask("CLUSTER", "KEYSLOT", key));
    }

    /** Before any slot moved. */
    private int firstOwner(int slot) {
        return slot * redis.masters().size() / 16_384;
    }

    @Nested
    final class Directory extends OnDirectory {}

    @Nested
    final class Bus extends OnBus {}

    @Nested
    final class SignedBus extends OnSignedBus {}

    @Nested
    final class Events extends OnEvents {}

    @Nested
    final class Webhooks extends OnWebhooks {}

    @Nested
    final class Registry extends OnRegistry {}
}
