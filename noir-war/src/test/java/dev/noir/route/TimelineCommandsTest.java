package dev.noir.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.event.PeerJoined;
import dev.noir.event.PeerLeft;
import dev.noir.event.RoomMoved;
import dev.noir.history.History;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Timelines of a cluster of two nodes, asked at node one. */
final class TimelineCommandsTest {
    private static final String ALICE = "{\"room\":\"r\",\"uid\":\"alice\"}";
    private static final String ROOM = "{\"room\":\"r\"}";

    private final ManagedCluster noir = new ManagedCluster();

    private static JsonObject result(ManagedCluster noir, String method, String params) {
        JsonObject answer = noir.ask(method, params).orElseThrow();
        assertTrue(answer.containsKey("result"), answer::toString);
        return answer.getJsonObject("result");
    }

    private static int refused(JsonObject answer) {
        assertTrue(answer.containsKey("error"), answer::toString);
        return answer.getJsonObject("error").getInt("code");
    }

    private static void join(History history) {
        history.happened(new PeerJoined("r", 2, "alice", ""));
    }

    private static void leave(History history) {
        history.happened(new PeerLeft("r", 4, "alice", ""));
    }

    @Test
    void theNodeThatRemembersAnswers() {
        noir.advance(Duration.ofSeconds(7));
        join(noir.historyOfTwo);

        JsonObject timeline = result(noir, "peers.timeline", ALICE);
        assertEquals("alice", timeline.getString("uid"));
        assertEquals(7000, timeline.getInt("joined"));
        assertEquals(5000, timeline.getInt("step"));
        assertFalse(timeline.containsKey("left"), timeline::toString);
        assertEquals(0, result(noir, "peers.past", ROOM).getJsonArray("peers").size());

        noir.advance(Duration.ofSeconds(3));
        leave(noir.historyOfTwo);

        assertEquals(10_000, result(noir, "peers.timeline", ALICE).getInt("left"));
        JsonObject past = result(noir, "peers.past", ROOM).getJsonArray("peers").getJsonObject(0);
        assertEquals("{\"uid\":\"alice\",\"joined\":7000,\"left\":10000,\"spans\":0}", past.toString());
    }

    @Test
    void theStayThatLastsIsToldOf() {
        join(noir.historyOfOne);
        noir.historyOfOne.happened(new RoomMoved("r", 3));
        leave(noir.historyOfOne);
        noir.advance(Duration.ofSeconds(1));
        join(noir.historyOfTwo);

        assertEquals(1000, result(noir, "peers.timeline", ALICE).getInt("joined"));
        JsonObject before = result(noir, "peers.timeline", "{\"room\":\"r\",\"uid\":\"alice\",\"from\":0,\"to\":1000}");
        assertEquals(0, before.getInt("left"));
        assertEquals("moved", before.getJsonArray("spans").getJsonObject(0).getString("kind"));
        assertEquals(1, result(noir, "peers.past", ROOM).getJsonArray("peers").size());
    }

    @Test
    void whatNobodyRemembersIsNotThere() {
        join(noir.historyOfTwo);
        assertEquals(
                404,
                refused(noir.ask("peers.timeline", "{\"room\":\"r\",\"uid\":\"bob\"}")
                        .orElseThrow()));
        assertEquals(
                404,
                refused(noir.ask("peers.timeline", "{\"room\":\"x\",\"uid\":\"alice\"}")
                        .orElseThrow()));
        assertEquals(-32602, refused(noir.ask("peers.timeline", ROOM).orElseThrow()));
        assertEquals(
                -32602, refused(noir.ask("peers.past", "{\"room\":\"a\\nb\"}").orElseThrow()));
    }

    @Test
    void aNodeThatIsSilentMayBeTheOne() {
        noir.mute(noir.two);
        CompletableFuture<JsonObject> asked = noir.later("peers.timeline", ALICE);
        join(noir.historyOfOne);
        assertEquals(
                "alice", result(noir, "peers.timeline", ALICE).getString("uid"), "the silent one is not waited for");

        noir.advance(Duration.ofSeconds(16));
        assertEquals(503, refused(asked.join()));
    }

    @Test
    void withoutASecretNodesTellEachOtherNothingOfRooms() {
        ManagedCluster open = new ManagedCluster(false);
        join(open.historyOfTwo);
        assertEquals(403, refused(open.ask("peers.timeline", ALICE).orElseThrow()));
        assertEquals(403, refused(open.ask("peers.past", ROOM).orElseThrow()));
        join(open.historyOfOne);
        assertEquals("alice", result(open, "peers.timeline", ALICE).getString("uid"));
    }
}
