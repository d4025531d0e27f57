package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.Await;
import dev.noir.bus.Envelope;
import dev.noir.bus.NodeBusContract;
import dev.noir.fixture.RedisProcess;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.RoomState;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Redis goes away, in all its ways, and comes back. */
@Tag("cluster")
@ResourceLock(RedisNodes.PATIENCE)
final class OutageTest {
    private static final RoomId ROOM = new RoomId("room");

    private RedisProcess redis;
    private RedisNodes nodes;
    private Cluster a;
    private Cluster b;

    @BeforeEach
    void start() {
        redis = RedisProcess.start().awaitReady();
        nodes = new RedisNodes(redis.url());
        // As if there had been nodes all the time: nobody has to wait for hosts that might be cut off.
        redis.ask("SET", RedisKeys.NODES_SINCE, "0");
    }

    @AfterEach
    void stop() {
        nodes.close();
        redis.close();
    }

    private void startTwo() {
        a = nodes.start("a");
        b = nodes.start("b");
        awaitReady(a, b);
    }

    private static void awaitReady(Cluster... clusters) {
        for (Cluster cluster : clusters) {
            Await.until(cluster.registry().self().id() + " is ready", cluster::isReady);
        }
    }

    private static void awaitLost(Cluster... clusters) {
        for (Cluster cluster : clusters) {
            Await.until(cluster.registry().self().id() + " notices", () -> !cluster.registry()
                    .isConnected());
        }
    }

    /** Longer than everything in Redis lives. */
    private static void letAllTimeRunOut() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(RedisNodes.TIMES.inboxTtl().toMillis() + 100);
    }

    private static List<Long> numbers(List<Envelope> envelopes) {
        return envelopes.stream().map(Envelope::request).toList();
    }

    @Test
    void whatIsLaidDownForARoomIsRefusedMeanwhile() {
        startTwo();
        RoomLease lease = a.rooms().claim(ROOM);
        redis.kill();
        awaitLost(a);

        RoomException refusal =
                assertThrows(RoomException.class, () -> a.rooms().saveState(lease, RoomState.NONE));
        assertEquals(RoomException.Code.UNAVAILABLE, refusal.code());
    }

    @Test
    void aNodeEndsWithoutRedisToo() {
        startTwo();
        redis.pause();
        a.close();
        b.close();

        Await.until("its threads end", () -> nodes.threads().stream().noneMatch(Thread::isAlive));
        redis.resume();
    }

    @Test
    void aRedisThatHangsForLongCostsNoNodeAndNoLease() throws InterruptedException {
        startTwo();
        RoomLease lease = a.rooms().claim(ROOM);
        Watch watchA = Watch.on(a);
        Watch watchB = Watch.on(b);
        List<RoomLease> lost = new CopyOnWriteArrayList<>();
        a.rooms().onLost(lost::add);
        redis.pause();
        awaitLost(a, b);
        assertEquals(2, b.registry().live().size());
        assertFalse(a.bus().send(NodeBusContract.ping("a", "b", 1)));
        assertThrows(RoomException.class, () -> b.rooms().claim(ROOM));
        letAllTimeRunOut();
        redis.resume();
        awaitReady(a, b);

        assertEquals(List.of("lost", "back"), watchA.told());
        assertEquals(List.of("lost", "back"), watchB.told());
        assertEquals(List.of(), lost);
        assertEquals(lease, b.rooms().claim(ROOM));
        List<Envelope> received = NodeBusContract.listen(b.bus());
        assertTrue(a.bus().send(NodeBusContract.ping("a", "b", 2)));
        Await.until("the bus works", () -> received.size() == 1);
    }

    @Test
    void whenRedisComesBackEmptyHostsKeepTheirRooms() throws InterruptedException {
        startTwo();
        RoomLease lease = a.rooms().claim(ROOM);
        Watch watchB = Watch.on(b);
        AtomicBoolean done = new AtomicBoolean();
        Set<RoomLease> stolen = ConcurrentHashMap.newKeySet();
        Thread greedy = RedisNodes.daemon(() -> {
            while (!done.get()) {
                try {
                    RoomLease claimed = b.rooms().claim(ROOM);
                    if (!claimed.equals(lease)) {
                        stolen.add(claimed);
                    }
                } catch (RoomException e) {
                    Thread.onSpinWait(); // As long as Redis is away, or has just come back.
                }
            }
        });
        greedy.start();
        for (int i = 1; i <= 3; i++) {
            redis.kill();
            awaitLost(a, b);
            redis.restart();
            awaitReady(a, b);
        }
        done.set(true);
        greedy.join();

        assertEquals(Set.of(), stolen);
        assertEquals(lease, b.rooms().claim(ROOM));
        assertEquals(List.of("lost", "back", "lost", "back", "lost", "back"), watchB.told());
    }

    @Test
    void aNodeStartsWithoutRedisAndConnectsLater() {
        redis.kill();
        a = nodes.launch("a");
        Watch watch = Watch.on(a);
        assertFalse(a.isReady());
        assertFalse(a.registry().isConnected());
        RoomException refusal =
                assertThrows(RoomException.class, () -> a.rooms().claim(ROOM));
        assertEquals(RoomException.Code.UNAVAILABLE, refusal.code());
        redis.restart();
        awaitReady(a);

        assertEquals("a", a.rooms().claim(ROOM).node());
        assertEquals(List.of("back"), watch.told());
    }

    @Test
    void aRedisThatTakesNoWritesIsAway() {
        startTwo();
        RoomLease lease = a.rooms().claim(ROOM);
        Watch watch = Watch.on(b);
        redis.ask("CONFIG", "SET", "maxmemory", "1");
        awaitLost(a, b);
        redis.ask("CONFIG", "SET", "maxmemory", "0");
        awaitReady(a, b);

        assertEquals(lease, b.rooms().claim(ROOM));
        assertEquals(List.of("lost", "back"), watch.told());
    }

    @Test
    void whatTheBusHasTakenArrivesOnceAndInOrderAcrossReconnections() {
        startTwo();
        List<Envelope> received = NodeBusContract.listen(b.bus());
        List<Envelope> taken = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            if (i % 100 == 50) {
                redis.ask("CLIENT", "KILL", "TYPE", "normal");
            }
            Envelope envelope = NodeBusContract.ping("a", "b", i);
            Await.until("it is taken", () -> a.bus().send(envelope));
            taken.add(envelope);
        }

        Await.until("all arrive", () -> received.size() >= taken.size());
        assertEquals(numbers(taken), numbers(received));
    }

    @Test
    void anOutboxIsBoundedAndNeverBlocks() {
        startTwo();
        List<Envelope> received = NodeBusContract.listen(b.bus());
        redis.pause();
        List<Envelope> taken = new ArrayList<>();
        for (int i = 0; i <= RedisOutbox.LIMIT; i++) {
            Envelope envelope = NodeBusContract.ping("a", "b", i);
            if (a.bus().send(envelope)) {
                taken.add(envelope);
            }
        }
        redis.resume();

        assertTrue(taken.size() <= RedisOutbox.LIMIT);
        assertEquals(1, a.counters().refused());
        Await.until("all that were taken arrive", () -> received.size() >= taken.size());
        assertEquals(numbers(taken), numbers(received));
    }
}
