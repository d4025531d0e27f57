package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.Await;
import dev.noir.fixture.RedisProcess;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/** However much is asked about rooms, and however slowly it is answered, nodes and their leases live. */
@ResourceLock(RedisNodes.PATIENCE)
final class LookupFloodTest {
    private static final RoomId ROOM = new RoomId("room");
    private static final Predicate<List<String>> LOOKUPS = RedisProxy.is("GET").or(RedisProxy.runs(LuaScript.CLAIM));

    private RedisProcess redis;
    private RedisProxy proxy;
    private RedisNodes nodes;

    @BeforeEach
    void start() {
        redis = RedisProcess.start().awaitReady();
        redis.ask("SET", RedisKeys.NODES_SINCE, "0");
        proxy = new RedisProxy(redis.port());
        nodes = new RedisNodes(proxy.url());
    }

    @AfterEach
    void stop() {
        nodes.close();
        proxy.close();
        redis.close();
    }

    private static List<CompletableFuture<Void>> inThreads(int count, Runnable task) {
        List<CompletableFuture<Void>> ends = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            ends.add(end);
            RedisNodes.daemon(() -> {
                        task.run();
                        end.complete(null);
                    })
                    .start();
        }
        return ends;
    }

    @Test
    void aStormOfJoinsThatRedisDoesNotAnswerCostsNoNodeAndNoLease() {
        Cluster a = nodes.start("a");
        Cluster b = nodes.start("b");
        Await.until("both are ready", () -> a.isReady() && b.isReady());
        RoomLease lease = a.rooms().claim(ROOM);
        Watch watchA = Watch.on(a);
        Watch watchB = Watch.on(b);
        AtomicInteger refused = new AtomicInteger();
        proxy.hold(LOOKUPS);
        long ends = System.nanoTime()
                + RedisNodes.TIMES.leaseTtl().toNanos()
                + RedisNodes.TIMES.commandLimit().toNanos();
        List<CompletableFuture<Void>> storm = inThreads(64, () -> {
            while (System.nanoTime() - ends < 0) {
                RoomException refusal = assertThrows(
                        RoomException.class, () -> a.rooms().claim(new RoomId("room " + refused.incrementAndGet())));
                assertEquals(RoomException.Code.UNAVAILABLE, refusal.code());
                Thread.onSpinWait();
            }
        });
        Await.until("its trouble is told", () -> a.trouble().orElse("").contains("rooms cannot be looked up"));
        storm.forEach(CompletableFuture::join);

        assertEquals(List.of(), watchA.told());
        assertEquals(List.of(), watchB.told());
        assertTrue(redis.ask("GET", RedisKeys.lease(ROOM)).startsWith(lease.epoch() + " a "));
        proxy.release();
        Await.until("both are ready again", () -> a.isReady() && b.isReady());
        assertEquals(lease, b.rooms().claim(ROOM));
    }

    @Test
    void whatIsAskedMeanwhileSharesARoundTrip() {
        RedisLookups lookups = nodes.lookups("a");
        redis.ask("SET", "noir/x", "y");
        proxy.hold(RedisProxy.is("GET"));
        List<CompletableFuture<Void>> all = inThreads(
                100,
                () -> assertEquals(
                        Optional.of("y"),
                        lookups.run("noir/x", new CommandArguments(Protocol.Command.GET).add("noir/x"))
                                .map(RedisStore::text)));
        Await.until("all ask", () -> lookups.asked() == 100);
        proxy.release();
        all.forEach(CompletableFuture::join);

        // Whoever has counted himself but not yet joined the others goes a little later.
        assertTrue(lookups.trips() < 20, () -> lookups.trips() + " round trips");
    }

    @Test
    void aWordAboutOneKeyIsNobodyElsesBusiness() {
        Cluster a = nodes.start("a");
        Await.until("it is ready", a::isReady);
        redis.ask("LPUSH", RedisKeys.lease(new RoomId("odd")), "not a lease");

        assertThrows(RoomException.class, () -> a.rooms().claim(new RoomId("odd")));
        assertEquals("a", a.rooms().claim(ROOM).node());
        assertEquals(Optional.empty(), a.trouble());
    }
}
