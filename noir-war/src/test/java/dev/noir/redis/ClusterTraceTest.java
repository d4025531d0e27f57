package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.Await;
import dev.noir.bus.Envelope;
import dev.noir.bus.EnvelopeCodec;
import dev.noir.bus.NodeBusContract;
import dev.noir.fixture.RedisProcess;
import dev.noir.room.Ban;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomState;
import dev.noir.room.Squelches;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What nodes leave in Redis, and what others may put there. */
final class ClusterTraceTest {
    private static final RoomId ROOM = new RoomId("room");
    private static final String SECRET = "a secret of the whole cluster";

    private static final RoomState LAID_DOWN = new RoomState(
            true,
            Optional.empty(),
            List.of(new Ban("id", "x", "", "", Instant.parse("2100-01-01T00:00:00Z"))),
            Map.of(),
            Squelches.NONE,
            Set.of(),
            Map.of(),
            Optional.empty());

    private RedisProcess redis;
    private RedisNodes nodes;

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

    private Cluster ready(String id, String secret) {
        Cluster node = nodes.start(id, secret);
        Await.until(id + " is ready", node::isReady);
        return node;
    }

    private Set<String> keys() {
        String keys = redis.ask("KEYS", "*");
        return new TreeSet<>(keys.isEmpty() ? List.of() : Arrays.asList(keys.split("\n", -1)));
    }

    private String inboxOf(String node) {
        return keys().stream()
                .filter(key -> key.startsWith("noir/node/{" + node + "}/"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyKeyHasATtl() {
        Cluster a = ready("a", "");
        RoomLease lease = a.rooms().claim(ROOM);
        a.rooms().saveState(lease, LAID_DOWN);
        Set<String> keys = keys();

        assertEquals(8, keys.size(), keys::toString); // Three of the nodes, one inbox, four of the room.
        keys.forEach(key -> assertTrue(Long.parseLong(redis.ask("PTTL", key)) > 0, key));
    }

    @Test
    void aNodeThatEndsLeavesNothingThatNamesIt() {
        Cluster a = ready("a", "");
        a.rooms().claim(ROOM);
        a.close();

        assertFalse(redis.ask("HGETALL", RedisKeys.NODE_INFO).contains("a"));
        assertFalse(keys().contains(RedisKeys.lease(ROOM)), () -> keys().toString());
        assertFalse(keys().toString().contains("{a}"), () -> keys().toString());
    }

    @Test
    void itsThreadsAreFourAndEndWithIt() {
        Cluster a = ready("a", "");
        List<String> names =
                nodes.threads().stream().map(Thread::getName).sorted().toList();
        assertEquals(List.of("noir-heartbeat", "noir-inbox", "noir-lookups", "noir-outbox"), names);
        a.close();

        Await.until("they end", () -> nodes.threads().stream().noneMatch(Thread::isAlive));
    }

    @Test
    void anOlderNodeOfTheSameIdSaysWhatIsWrong() {
        Cluster a = ready("a", "");
        nodes.launch("a");

        Await.until("it says so", () -> a.trouble().equals(Optional.of("another node has been started with the id a")));
    }

    @Test
    void whoHasJustComeIsAnswered() {
        Cluster b = ready("b", "");
        AtomicBoolean answered = new AtomicBoolean();
        b.bus().listen(envelope -> answered.set(b.bus().send(envelope.answer(Envelope.Kind.REPLY, ""))));
        Cluster a = nodes.launch("a");
        List<Envelope> received = NodeBusContract.listen(a.bus());
        Await.until("a knows b", () -> a.bus().send(NodeBusContract.ping("a", "b", 1)));

        Await.until("the answer arrives", () -> received.size() == 1);
        assertTrue(answered.get());
    }

    @Test
    void connectionsAreFew() {
        Cluster a = ready("a", "");
        List<Envelope> received = NodeBusContract.listen(a.bus());
        for (int i = 0; i < 200; i++) {
            a.rooms().claim(new RoomId("room " + i));
            assertTrue(a.bus().send(NodeBusContract.ping("a", "a", i)));
        }
        Await.until("all arrive", () -> received.size() == 200);

        long connections = redis.ask("CLIENT", "LIST")
                .lines()
                .filter(line -> line.contains("name=noir-a"))
                .count();
        assertEquals(4, connections);
    }

    @Test
    void aLeaseOfADeadHolderIsReplacedAtOnce() {
        Cluster a = ready("a", "");
        redis.ask("SET", RedisKeys.lease(ROOM), "9000000000000000 ghost life-of-a-ghost", "PX", "600000");
        RoomLease lease = a.rooms().claim(ROOM);

        assertEquals("a", lease.node());
        assertEquals(9_000_000_000_000_001L, lease.epoch());
    }

    @Test
    void aLeaseOfAnEarlierLifeOfThisNodeIsNotItsOwn() {
        Cluster a = ready("a", "");
        redis.ask("SET", RedisKeys.lease(ROOM), "5 a life-before", "PX", "600000");
        RoomLease lease = a.rooms().claim(ROOM);

        assertEquals("a", lease.node());
        assertTrue(lease.epoch() > 5);
    }

    @Test
    void aNodeWhoseIdIsTakenByALaterOneLeavesTheCluster() {
        Cluster first = ready("a", "");
        Cluster second = nodes.start("a", "");

        Await.until("the first one notices", () -> !first.registry().isConnected());
        assertFalse(first.bus().send(NodeBusContract.ping("a", "a", 1)));
        assertTrue(second.registry().isConnected());
    }

    @Test
    void whatLostItsTtlGoesUnlessItIsInUse() {
        Cluster a = ready("a", "");
        RoomLease lease = a.rooms().claim(ROOM);
        redis.ask("PERSIST", RedisKeys.lease(ROOM));
        redis.ask("SET", RedisKeys.lease(new RoomId("left")), "1 dead life");
        redis.ask("SET", RedisKeys.epoch(new RoomId("left")), "1");
        redis.ask("XADD", RedisKeys.inbox("dead", "life"), "*", "from", "nobody");
        redis.ask("SET", RedisKeys.options(new RoomId("left")), "{}");
        redis.ask("SET", "somebody-elses", "value");

        Await.until(
                "it goes",
                () -> !keys().toString().contains("{left}/lease")
                        && !keys().toString().contains("{left}/epoch")
                        && !keys().toString().contains("{dead}"));
        assertEquals(lease, a.rooms().find(ROOM).orElseThrow());
        assertTrue(keys().contains("somebody-elses"));
        assertTrue(keys().contains(RedisKeys.options(new RoomId("left"))));
    }

    @Test
    void envelopesOfWhoDoesNotKnowTheSecretAreDroppedAndCounted() {
        Cluster a = ready("a", SECRET);
        List<Envelope> received = NodeBusContract.listen(a.bus());
        String life = inboxOf("a").substring(inboxOf("a").lastIndexOf('/') + 1);
        for (String secret : List.of("quite another secret here", "")) {
            List<String> command = new ArrayList<>(List.of("XADD", inboxOf("a"), "*"));
            command.addAll(new EnvelopeCodec(secret)
                    .encode(new EnvelopeCodec.Sent(NodeBusContract.ping("s", "a", 1), "life of s", life, 1)));
            redis.ask(command.toArray(String[]::new));
        }
        redis.ask("XADD", inboxOf("a"), "*", "from", "x", "kind", "PING");
        Await.until(
                "all have been dropped",
                () -> a.counters().forged() == 2 && a.counters().malformed() == 1);
        Cluster friend = ready("f", SECRET);
        friend.bus().send(NodeBusContract.ping("f", "a", 3));

        Await.until("the friend's arrives", () -> received.size() == 1);
        assertEquals(List.of(NodeBusContract.ping("f", "a", 3)), received);
    }

    @Test
    void whoDoesNotKnowTheSecretIsNoNodeAndHasNoRoom() {
        Cluster a = ready("a", SECRET);
        RoomLease lease = a.rooms().claim(ROOM);
        Cluster b = ready("b", SECRET);
        Watch watch = Watch.on(a);
        redis.ask("HSET", RedisKeys.NODE_INFO, "ghost", "life {\"state\":\"UP\",\"services\":[\"sfu\"]}");
        redis.ask("ZADD", RedisKeys.NODE_BEATS, "9999999999999", "ghost");
        redis.ask("HSET", RedisKeys.NODE_INFO, "b", "life-of-another {\"state\":\"UP\"}");
        redis.ask("HDEL", RedisKeys.NODE_INFO, "a");
        redis.ask("SET", RedisKeys.lease(ROOM), "9000000000000000 ghost life", "PX", "600000");
        redis.ask("SET", RedisKeys.epoch(ROOM), "9000000000000000", "PX", "600000");
        redis.ask("SET", RedisKeys.lease(new RoomId("free")), "9000000000000000 ghost life", "PX", "600000");
        redis.ask("SET", RedisKeys.bans(ROOM), "[]");
        Await.until(
                "a has its room", () -> redis.ask("GET", RedisKeys.lease(ROOM)).startsWith(lease.epoch() + " a "));

        assertEquals(lease, b.rooms().claim(ROOM));
        assertThrows(RoomException.class, () -> b.rooms().claim(new RoomId("free")));
        assertThrows(RoomException.class, () -> b.rooms().state(ROOM));
        assertEquals(Optional.empty(), a.registry().find("ghost"));
        assertTrue(a.registry().find("b").isPresent());
        assertTrue(b.registry().isConnected());
        assertEquals(List.of(), watch.told());
        assertEquals(List.of(lease), a.rooms().leases());
    }

    @Test
    void aReplayedEnvelopeIsDroppedAndCounted() {
        Cluster a = ready("a", SECRET);
        Cluster b = ready("b", SECRET);
        List<Envelope> received = NodeBusContract.listen(a.bus());
        b.bus().send(NodeBusContract.ping("b", "a", 1));
        Await.until("it arrives", () -> received.size() == 1);
        // The last one that was read stays in the stream.
        String[] entry =
                redis.ask("XREVRANGE", inboxOf("a"), "+", "-", "COUNT", "1").split("\n", -1);
        String[] again = new String[entry.length + 2];
        System.arraycopy(new String[] {"XADD", inboxOf("a"), "*"}, 0, again, 0, 3);
        System.arraycopy(entry, 1, again, 3, entry.length - 1);
        redis.ask(again);

        Await.until("it is dropped", () -> a.counters().repeated() == 1);
        assertEquals(1, received.size());
    }

    /** As after a fall-back to a replica whose clock is behind: new entries must not get ids that were read already. */
    @Test
    void anInboxThatLostItsIdsIsMended() {
        Cluster a = ready("a", "");
        String inbox = inboxOf("a");
        List<Envelope> received = NodeBusContract.listen(a.bus());
        redis.ask("XADD", inbox, "9999999999999-5", "from", "the", "far", "future");
        Await.until("it is read", () -> a.counters().malformed() == 1);
        redis.ask("DEL", inbox);
        // It may come back with what had been read a moment before, to be mended at the next heartbeat.
        Await.until("the inbox is back", () -> redis.ask("XREVRANGE", inbox, "+", "-", "COUNT", "1")
                .startsWith("9999999999999-"));

        assertTrue(a.bus().send(NodeBusContract.ping("a", "a", 1)));
        Await.until("it arrives", () -> received.size() == 1);
    }

    @Test
    void aStateThatCannotBeReadIsNotTakenForNone() {
        Cluster a = ready("a", "");
        for (String garbage : List.of("{", "[]", "{\"locked\":1}", "null")) {
            redis.ask("SET", RedisKeys.state(ROOM), garbage, "PX", "600000");
            RoomException refusal =
                    assertThrows(RoomException.class, () -> a.rooms().state(ROOM), garbage);
            assertEquals(RoomException.Code.UNAVAILABLE, refusal.code());
        }
    }

    @Test
    void optionsAreReadFromTheirKey() {
        Cluster a = ready("a", "");
        redis.ask(
                "SET",
                RedisKeys.options(ROOM),
                "{\"title\":\"Tea\",\"maxPeers\":5,\"maxAgeSeconds\":60,\"isChannel\":true,\"later\":1}");
        RoomOptions defaults = RoomOptions.DEFAULT.withMaxPublishers(3);
        RoomOptions options = a.rooms().options(ROOM, defaults);

        assertEquals("Tea", options.title());
        assertEquals(5, options.maxPeers());
        assertEquals(3, options.maxPublishers());
        assertEquals(60, options.maxAge().toSeconds());
        assertTrue(options.channel());
        redis.ask("SET", RedisKeys.options(ROOM), "[\"no object\"]");
        assertEquals(defaults, a.rooms().options(ROOM, defaults));
    }
}
