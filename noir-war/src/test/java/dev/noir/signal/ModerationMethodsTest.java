package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.access.NameRule;
import dev.noir.access.OpenEntrance;
import dev.noir.access.Password;
import dev.noir.access.Standing;
import dev.noir.access.TakenName;
import dev.noir.access.Visitor;
import dev.noir.lease.LocalRoomDirectory;
import dev.noir.protocol.JsonRpcCodec;
import dev.noir.room.FakeMediaPlane;
import dev.noir.room.FakeScheduler;
import dev.noir.room.RoomLimits;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomService;
import dev.noir.room.TestAccess;
import dev.noir.room.TestSdp;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What moderators say on their sockets, and what they and others are told there. */
final class ModerationMethodsTest {
    private final FakeScheduler scheduler = new FakeScheduler();
    private final RoomService rooms = new RoomService(
            RoomOptions.DEFAULT,
            RoomLimits.DEFAULT,
            new LocalRoomDirectory("n"),
            new FakeMediaPlane(),
            new JsonApiMessages(),
            scheduler,
            Runnable::run,
            new Random(1),
            TestAccess.of(new OpenEntrance(), TakenName.SECRET, scheduler));

    /** A client and its socket. */
    private final class Client {
        final FakeSocket socket = new FakeSocket();
        final ClientLink link;

        Client(NameRule names, Caller caller) {
            SignalServer server =
                    new SignalServer(SignalLimits.DEFAULT, rooms, scheduler, Runnable::run, new Random(2), names);
            link = server.open(socket, new Visitor(caller, Password.NONE, Standing.LASTING))
                    .orElseThrow();
        }

        Client join(String members) {
            String sdp = TestSdp.dataOnly().replace("\r\n", "\\r\\n");
            return call(
                    "join",
                    "{\"sid\":\"r\",\"offer\":{\"type\":\"offer\",\"sdp\":\"" + sdp + "\"}" + members.replace('\'', '"')
                            + "}");
        }

        Client call(String method, String params) {
            socket.frames.clear();
            link.received(
                    "{\"method\":\"" + method + "\",\"params\":" + params.replace('\'', '"') + ",\"id\":7}", true);
            return this;
        }

        /** The outcome of the last call. */
        JsonObject outcome() {
            return parsed().stream()
                    .filter(frame -> frame.containsKey("id"))
                    .findFirst()
                    .orElseThrow();
        }

        int error() {
            return outcome().getJsonObject("error").getInt("code");
        }

        String message() {
            return outcome().getJsonObject("error").getString("message");
        }

        /** Params of the last notification. */
        JsonObject told(String method) {
            return parsed().stream()
                    .filter(frame -> frame.getString("method", "").equals(method))
                    .reduce((first, second) -> second)
                    .orElseThrow()
                    .getJsonObject("params");
        }

        private List<JsonObject> parsed() {
            return socket.frames.stream()
                    .map(text -> JsonRpcCodec.JSON
                            .createReader(new StringReader(text))
                            .readObject())
                    .toList();
        }
    }

    private Client client(String principal, String... roles) {
        return new Client(NameRule.FREE, new Caller(principal, Set.of(roles), Caller.Means.TOKEN, "192.0.2.7"));
    }

    private Client eva() {
        return client("eva", "noir-moderator").join(",'uid':'eva'");
    }

    @Test
    void whoModeratesIsToldSoAndWhatHolds() {
        Client eva = eva();

        assertEquals(
                "{\"grants\":[\"join\",\"publish.audio\",\"publish.video\",\"publish.screen\",\"publish.data\","
                        + "\"subscribe\",\"moderate\"],\"waiting\":false}",
                eva.told("grants").toString());
        assertEquals(
                "{\"locked\":false,\"lobby\":false,\"recordable\":false,\"waiting\":[]}",
                eva.told("room").toString());
    }

    @Test
    void methodsAreAnsweredAsDescribed() {
        Client eva = eva();
        Client bob = client("bob").join(",'uid':'b'");
        assertEquals(
                "{}",
                eva.call("lock", "{'locked':true}").outcome().get("result").toString());
        assertEquals(423, client("late").join("").error());
        assertEquals("the room is locked", client("late").join("").message());
        assertEquals(
                "{}",
                eva.call("squelch", "{'uid':'b','kind':'audio'}")
                        .outcome()
                        .get("result")
                        .toString());
        assertEquals("audio", bob.told("squelched").getJsonArray("kinds").getString(0));
        assertEquals(
                2,
                eva.call("peers", "{}")
                        .outcome()
                        .getJsonObject("result")
                        .getJsonArray("peers")
                        .size());
        JsonObject ban =
                eva.call("ban", "{'uid':'b','seconds':60,'reason':'spam'}").outcome();
        assertTrue(ban.getJsonObject("result").getString("id").length() > 3);
        assertEquals("4008 banned: spam", bob.socket.closed);
        assertEquals("banned: spam", bob.told("closed").getString("reason"));
        assertEquals(403, client("bob").join("").error());
    }

    @Test
    void whoIsSentToAnotherRoomIsToldSoBeforeHisSocketIsClosed() {
        Client eva = eva();
        Client bob = client("bob").join(",'uid':'b'");
        eva.call("move", "{'uid':'b','to':'next door'}");
        assertEquals("next door", bob.told("moved").getString("sid"));
        assertEquals("4011 asked into another room: next door", bob.socket.closed);
        assertEquals(-32602, eva.call("move", "{'uid':'b'}").error());
    }

    @Test
    void refusalsHaveCodesAndTheSocketGoesOn() {
        Client eva = eva();
        Client bob = client("bob").join("");
        assertEquals(403, bob.call("kick", "{'uid':'eva'}").error());
        assertEquals("you may not do that", bob.message());
        assertEquals(404, eva.call("kick", "{'uid':'nobody'}").error());
        assertEquals(-32602, eva.call("kick", "{}").error());
        assertEquals("uid is missing", eva.message());
        assertEquals(-32602, eva.call("grant", "{'uid':'eva','grants':['fly']}").error());
        assertEquals(500, client("x").call("peers", "{}").error());
        assertEquals(
                "{}",
                eva.call("lobby", "{'enabled':false}").outcome().get("result").toString());
    }

    @Test
    void whoIsLoggedInHasHisNameWhereItIsSo() {
        Caller bob = new Caller("bob", Set.of(), Caller.Means.TOKEN, "");
        Client refused = new Client(NameRule.PRINCIPAL, bob).join(",'uid':'eva'");
        assertEquals(403, refused.error());
        assertEquals("your uid must be your own name", refused.message());
        assertTrue(refused.join("").outcome().containsKey("result"));
        Client eva = eva();
        eva.call("peers", "{}");

        assertTrue(eva.outcome().toString().contains("\"uid\":\"bob\""));
    }

    @Test
    void theSecretOfANameIsToldAndAskedFor() {
        Client first = new Client(NameRule.FREE, Caller.ANONYMOUS).join(",'uid':'x'");
        String secret = first.told("resume").getString("secret");
        Client second = new Client(NameRule.FREE, Caller.ANONYMOUS);
        assertEquals(403, second.join(",'uid':'x','config':{'resume':'guess'}").error());
        second.join(",'uid':'x','config':{'resume':'" + secret + "'}");

        assertTrue(second.outcome().containsKey("result"));
        assertEquals("4000 replaced by a newer connection with the same uid", first.socket.closed);
    }
}
