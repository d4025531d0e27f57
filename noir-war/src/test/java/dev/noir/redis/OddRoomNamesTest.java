package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.Await;
import dev.noir.fixture.RedisProcess;
import dev.noir.room.FakeClient;
import dev.noir.room.JoinConfig;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import dev.noir.room.TestSdp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Names that mean something to Redis mean nothing as names of rooms. */
final class OddRoomNamesTest {
    /** Hash tags, globs, what our own keys are made of, and what looks like another one of them. */
    static final List<String> NAMES = List.of(
            "{a}b",
            "{a}",
            "a",
            "{a",
            "a}",
            "{}",
            "}{",
            "*",
            "?",
            "[a-z]",
            "a*",
            "\\",
            "%7Ba%7Db",
            "%257Ba%257Db",
            "x}/options",
            "x}/lease",
            "{nodes}/beats",
            "a b",
            " a",
            "\"a\"",
            "$0\u00e4\ud83d\ude00");

    private RedisProcess redis;
    private RedisNodes nodes;
    private final List<WholeNode> opened = new ArrayList<>();

    @BeforeEach
    void start() {
        redis = RedisProcess.start().awaitReady();
        redis.ask("SET", RedisKeys.NODES_SINCE, "0");
        nodes = new RedisNodes(redis.url());
    }

    @AfterEach
    void stop() {
        opened.forEach(WholeNode::close);
        nodes.close();
        redis.close();
    }

    private WholeNode node(String id) {
        WholeNode node = new WholeNode(nodes, id);
        opened.add(node);
        Await.until(id + " is ready", node.cluster::isReady);
        return node;
    }

    private static FakeClient join(WholeNode at, String room, String name) {
        FakeClient client = at.client().join(room, name, TestSdp.dataOnly(), JoinConfig.NONE);
        Await.until(name + " joins " + room, () -> !client.answers.isEmpty() || !client.errors.isEmpty());
        assertEquals(List.of(), client.errors, room);
        return client;
    }

    @Test
    void eachIsARoomOfItsOwnForAllNodes() {
        WholeNode one = node("one");
        WholeNode two = node("two");
        Map<String, RoomLease> leases = new LinkedHashMap<>();
        for (String name : NAMES) {
            leases.put(name, one.cluster.rooms().claim(new RoomId(name)));
        }
        for (String name : NAMES) {
            join(two, name, "guest of " + name.length());
        }

        assertEquals(NAMES.size(), leases.values().stream().distinct().count());
        leases.forEach((name, lease) ->
                assertEquals(Optional.of(lease), two.cluster.rooms().find(new RoomId(name)), name));
        assertEquals(NAMES.size(), one.publishers().size());
        assertEquals(List.of(), two.publishers());
        assertEquals(NAMES.size(), (int)
                redis.ask("KEYS", "noir/room/{*}/lease").lines().count());
    }

    @Test
    void whatHasLostItsTtlGetsOneWhateverItsNameIs() {
        Cluster a = nodes.start("a");
        Await.until("it is ready", a::isReady);
        for (String name : NAMES) {
            redis.ask("SET", RedisKeys.state(new RoomId(name)), "{}");
            redis.ask("SET", RedisKeys.options(new RoomId(name)), "{}");
        }

        Await.until("they are mortal", () -> NAMES.stream()
                .allMatch(name ->
                        redis.ask("PTTL", RedisKeys.state(new RoomId(name))).charAt(0) != '-'
                                || redis.ask("EXISTS", RedisKeys.state(new RoomId(name)))
                                        .equals("0")));
        assertTrue(NAMES.stream().allMatch(name -> redis.ask("PTTL", RedisKeys.options(new RoomId(name)))
                .equals("-1")));
    }

    @Test
    void whatCannotBeShownInALineIsNoName() {
        for (String name : List.of("a\nb", "a\r\nDEL x", "\u0000", "\u2028", " ", "\ud83d")) {
            RoomException refusal = assertThrows(RoomException.class, () -> new RoomId(name));
            assertEquals(RoomException.Code.INVALID, refusal.code());
        }
    }
}
