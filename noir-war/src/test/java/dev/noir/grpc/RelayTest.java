package dev.noir.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.noir.access.Visitor;
import dev.noir.admin.AdminToken;
import dev.noir.admin.Administrators;
import dev.noir.admin.EventFollows;
import dev.noir.proto.noir.AdminRequest;
import dev.noir.proto.noir.JoinRequest;
import dev.noir.proto.noir.NoirReply;
import dev.noir.proto.noir.NoirRequest;
import dev.noir.proto.noir.RoomCountRequest;
import dev.noir.proto.noir.SignalRequest;
import dev.noir.room.RoomService;
import dev.noir.room.TestSdp;
import dev.noir.route.ManagedCluster;
import dev.noir.signal.ManagementSockets;
import dev.noir.signal.SignalServer;
import dev.noir.signal.TestRooms;
import jakarta.json.Json;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.ByteArrayOutputStream;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the original's administrators send on their socket, and hear there. */
final class RelayTest {
    private final ManagedCluster cluster = new ManagedCluster();
    private final RoomService rooms = TestRooms.open(cluster.scheduler());
    private final SignalServer signal = TestRooms.served(rooms, cluster.scheduler());
    private final NoirAdmin admin = new NoirAdmin(
            cluster::door,
            new Administrators(new AdminToken("t"), caller -> false, (origin, host) -> true),
            signal,
            new ManagementSockets(cluster.scheduler(), Runnable::run),
            () -> Instant.EPOCH);
    private final List<String> heard = new ArrayList<>();
    private boolean may = true;
    private final Relay relay = new Relay(admin, ManagedCluster.BOSS, Visitor.STRANGER, () -> may, new Heard());

    private final class Heard implements EventFollows.Ear {
        @Override
        public void hear(String text) {
            heard.add(text);
        }

        @Override
        public int waiting() {
            return 0;
        }
    }

    private Optional<String> say(String message) {
        return cluster.door()
                .answer(ManagedCluster.BOSS, message, relay.methods(), Relay.maxChars(admin))
                .toCompletableFuture()
                .join();
    }

    private static String relayed(String id, NoirRequest request) {
        byte[] bytes = request.toByteArray();
        String numbers = IntStream.range(0, bytes.length)
                .mapToObj(i -> String.valueOf(bytes[i] & 0xff))
                .collect(Collectors.joining(","));
        return "{" + id + "\"method\":\"relay\",\"params\":{\"encoded\":[" + numbers + "]}}";
    }

    private static JsonObject object(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    private static NoirReply decoded(JsonObject carrier) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        carrier.getJsonArray("encoded").getValuesAs(JsonNumber.class).forEach(number -> bytes.write(number.intValue()));
        return NoirReply.parseFrom(bytes.toByteArray());
    }

    private static NoirRequest count(String id) {
        return NoirRequest.newBuilder()
                .setId(id)
                .setAdmin(AdminRequest.newBuilder().setRoomCount(RoomCountRequest.getDefaultInstance()))
                .build();
    }

    @Test
    void aReplyHasTheIdOfWhatItAnswers() throws Exception {
        cluster.join(cluster.two, "open", "alice");

        assertEquals(Optional.empty(), say(relayed("\"id\":3,", count("é1"))));
        JsonObject result = object(heard.get(0));
        assertEquals("é1", result.getString("id"));
        assertEquals(
                1,
                decoded(result.getJsonObject("result"))
                        .getAdmin()
                        .getRoomCount()
                        .getResult());

        JsonObject own = object(say(relayed("\"id\":3,", count(""))).orElseThrow());
        assertEquals(3, own.getInt("id"));
        assertEquals(
                1,
                decoded(own.getJsonObject("result")).getAdmin().getRoomCount().getResult());

        assertEquals(Optional.empty(), say(relayed("", count(""))));
        assertEquals("noir", object(heard.get(1)).getString("method"));
        assertEquals(
                Optional.of("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}"),
                say("{\"id\":1,\"method\":\"subscribe\"}"));
    }

    @Test
    void clientsSignalThroughIt() throws Exception {
        SignalRequest.Builder join = SignalRequest.newBuilder()
                .setId("a")
                .setRequestId("r")
                .setJoin(JoinRequest.newBuilder()
                        .setSid("s")
                        .setDescription(ByteString.copyFromUtf8(TestSdp.offer("abcd", "x", "simulcast-video"))));
        assertEquals(
                Optional.empty(),
                say(relayed(
                        "\"id\":3,", NoirRequest.newBuilder().setSignal(join).build())));

        NoirReply first = decoded(object(heard.get(0)).getJsonObject("params"));
        assertEquals("a", first.getSignal().getId());
        assertEquals("r", first.getSignal().getRequestId());
        assertTrue(first.getSignal().hasJoin());
        assertEquals(1, rooms.counts().size());

        relay.close();
        assertEquals(0, rooms.counts().size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'encoded':'x'}",
                "{'encoded':[1,256]}",
                "{'encoded':[-1]}",
                "{'encoded':[1.5]}",
                "{'encoded':[null]}",
                "{'encoded':[],'more':1}"
            })
    void whatIsNoMessageIsAnError(String params) {
        String answer = say("{\"id\":1,\"method\":\"relay\",\"params\":" + params.replace('\'', '"') + "}")
                .orElseThrow();
        assertEquals(-32602, object(answer).getJsonObject("error").getInt("code"));
    }

    @Test
    void garbageIsAnsweredAndSoIsWhoMayNotAnyMore() throws Exception {
        String garbage = "{\"id\":1,\"method\":\"relay\",\"params\":{\"encoded\":[255,1,2]}}";
        assertEquals(
                "this is no NoirRequest",
                decoded(object(say(garbage).orElseThrow()).getJsonObject("result"))
                        .getError());
        may = false;
        assertEquals(Optional.empty(), say(relayed("", count("7"))));
        assertEquals(
                "you may not administrate noiR any more",
                decoded(object(heard.get(0)).getJsonObject("result")).getError());
    }

    @Test
    void commandsAreNotLongerBecauseOfIt() {
        char[] filler = new char[70_000];
        Arrays.fill(filler, 'x');
        String answer = say("{\"id\":1,\"method\":\"rooms.get\",\"params\":{\"room\":\"" + new String(filler) + "\"}}")
                .orElseThrow();
        assertEquals(-32600, object(answer).getJsonObject("error").getInt("code"));
    }
}
