package dev.noir.redis;

import static dev.noir.room.Moderators.ROOM;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.noir.bus.Await;
import dev.noir.fixture.RedisProcess;
import dev.noir.room.FakeClient;
import dev.noir.room.JoinConfig;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.TestSdp;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Somebody deletes all that a living Redis holds, in the middle of a room over two nodes. */
@Tag("cluster")
@ResourceLock(RedisNodes.PATIENCE)
final class FlushTest {
    private RedisProcess redis;
    private RedisNodes nodes;
    private WholeNode a;
    private WholeNode b;

    @BeforeEach
    void start() {
        redis = RedisProcess.start().awaitReady();
        nodes = new RedisNodes(redis.url());
        redis.ask("SET", RedisKeys.NODES_SINCE, "0"); // As if there had been nodes all the time.
        a = new WholeNode(nodes, "a");
        b = new WholeNode(nodes, "b");
        Await.until("both are ready", () -> a.cluster.isReady() && b.cluster.isReady());
    }

    @AfterEach
    void stop() {
        a.close();
        b.close();
        nodes.close();
        redis.close();
    }

    private static FakeClient join(WholeNode at, String name) {
        FakeClient client = at.client().join(ROOM.value(), name, TestSdp.dataOnly(), JoinConfig.NONE);
        Await.until(name + " has joined", () -> !client.answers.isEmpty());
        return client;
    }

    private static void offer(FakeClient client) {
        int before = client.answers.size();
        Await.until("an offer is answered", () -> {
            client.offer(TestSdp.offer("abcd", "s", "audio"));
            return client.answers.size() > before;
        });
    }

    @Test
    void theRoomStaysWhereItIsAndNobodyIsHeldToBeGone() {
        RoomLease lease = a.cluster.rooms().claim(ROOM);
        FakeClient here = join(a, "here");
        FakeClient there = join(b, "there");
        Watch watchA = Watch.on(a.cluster);
        Watch watchB = Watch.on(b.cluster);
        AtomicBoolean done = new AtomicBoolean();
        Set<RoomLease> stolen = ConcurrentHashMap.newKeySet();
        Thread greedy = RedisNodes.daemon(() -> claim(lease, done, stolen));
        greedy.start();
        for (int i = 0; i < 5; i++) {
            redis.ask("FLUSHALL");
            Await.until("the host says again what it has", () -> !redis.ask("GET", RedisKeys.lease(ROOM))
                    .isEmpty());
            offer(there);
        }
        done.set(true);
        Await.until("the claims end", () -> !greedy.isAlive());
        Await.until("both are ready", () -> a.cluster.isReady() && b.cluster.isReady());

        assertEquals(Set.of(), stolen);
        assertEquals(lease, b.cluster.rooms().claim(ROOM));
        assertEquals(List.of(), watchA.told());
        assertEquals(List.of(), watchB.told());
        assertEquals(2, a.service.peers());
        assertEquals(0, b.service.rooms());
        assertNull(here.closed);
        assertNull(there.closed);
        offer(here);
        offer(there);
    }

    /** A list where a lease was: no error that keeps the other leases from being renewed, and the room stays. */
    @Test
    void aLeaseThatIsNoStringCostsNobodyARoom() {
        RoomLease lease = a.cluster.rooms().claim(ROOM);
        RoomLease beside = a.cluster.rooms().claim(new RoomId("beside"));
        FakeClient here = join(a, "here");
        Watch watch = Watch.on(a.cluster);
        for (int i = 0; i < 3; i++) {
            for (String key : List.of(RedisKeys.lease(ROOM), RedisKeys.epoch(ROOM))) {
                redis.ask("DEL", key);
                redis.ask("LPUSH", key, "x");
            }
            Await.until("the host says again what it has", () -> redis.ask("TYPE", RedisKeys.lease(ROOM))
                    .equals("string"));
        }
        Await.until("a is ready", a.cluster::isReady);

        assertEquals(lease, b.cluster.rooms().claim(ROOM));
        assertEquals(beside, b.cluster.rooms().claim(beside.room()));
        assertEquals(List.of(), watch.told());
        assertNull(here.closed);
    }

    private void claim(RoomLease lease, AtomicBoolean done, Set<RoomLease> stolen) {
        while (!done.get()) {
            try {
                RoomLease claimed = b.cluster.rooms().claim(ROOM);
                if (!claimed.equals(lease)) {
                    stolen.add(claimed);
                }
            } catch (RoomException e) {
                Thread.onSpinWait(); // Until hosts have been asked.
            }
        }
    }
}
