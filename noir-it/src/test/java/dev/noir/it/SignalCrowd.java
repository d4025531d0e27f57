package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Sockets without media behind them: many at once, and some that mean harm. */
final class SignalCrowd {
    private static final int PEOPLE = 30;
    private static final int SECONDS = 20;
    // As ion-sdk-js sent it.
    private static final Path OFFER = Path.of("../noir-war/src/test/resources/sdp/sdk-1.7.2-offer.sdp");

    // Half of the heap that the servers are given, in 260 KB.
    private static final int BOMB = 1 << 28;
    // Twice what may come at once.
    private static final int FLOOD = 4000;
    private static final int ROOMFUL = 40;
    // Together close to what a client may send at once; answered with some 19 KB each.
    private static final int QUESTIONS = 380;
    private static final int AT_ONCE = 10;

    private final URI signalling;
    private final Map<String, String> headers;
    private final JsonObject offer;

    SignalCrowd(URI signalling) throws Exception {
        this(signalling, Map.of());
    }

    /** @param headers of all handshakes */
    SignalCrowd(URI signalling, Map<String, String> headers) throws Exception {
        this.signalling = signalling;
        this.headers = headers;
        offer = Json.createObjectBuilder()
                .add("type", "offer")
                .add("sdp", Files.readString(OFFER))
                .build();
    }

    /** 30 join one room at once and leave it at once, twice. Payara has one thread for them, WildFly a few. */
    void comesAndGoes() throws Exception {
        for (int round = 0; round < 2; round++) {
            List<CompletableFuture<IonSignal>> opening = IntStream.range(0, PEOPLE)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> new IonSignal(signalling, headers)))
                    .toList();
            List<IonSignal> people =
                    opening.stream().map(CompletableFuture::join).toList();
            List<CompletableFuture<JsonObject>> joins =
                    people.stream().map(person -> join(person, "crowd", "")).toList();
            for (CompletableFuture<JsonObject> join : joins) {
                assertEquals("answer", join.get(SECONDS, TimeUnit.SECONDS).getString("type"));
            }
            people.forEach(IonSignal::close);
        }
    }

    /** Each ends as docs/protocol.md says, and nobody else is harmed. */
    void doesHarmInVain() throws Exception {
        try (IonSignal bystander = new IonSignal(signalling, headers)) {
            assertClosed(1009, closedAfter("\"" + "x".repeat(300_000) + "\""));
            floodIsClosed();
            try (IonSignal deep = new IonSignal(signalling, headers)) {
                CompletableFuture<JsonObject> error = deep.nextError();
                deep.sendText(
                        "{\"method\":\"join\",\"id\":1,\"params\":" + "[".repeat(10_000) + "]".repeat(10_000) + "}");
                assertEquals(-32700, error.get(SECONDS, TimeUnit.SECONDS).getInt("code"));
            }
            assertEquals(
                    "answer",
                    join(bystander, "bystander", "bystander")
                            .get(SECONDS, TimeUnit.SECONDS)
                            .getString("type"));
        }
    }

    /** A message that is a thousand times as long as what is sent of it. */
    void compressesInVain() throws Exception {
        try (IonSignal bystander = new IonSignal(signalling, headers);
                RawSocket bomber = new RawSocket(signalling, RawSocket.COMPRESSION, 1 << 16)) {
            bomber.sendBomb(BOMB);
            // 1002: it has not agreed to compressed messages.
            assertClosed(bomber.isCompressing() ? 1009 : 1002, bomber.closeCode());
            assertEquals(
                    "answer",
                    join(bystander, "bystander", "bystander")
                            .get(SECONDS, TimeUnit.SECONDS)
                            .getString("type"));
        }
    }

    /**
     * Somebody in a full room asks who is there, again and again, and never reads the answers.
     *
     * @param room where everybody may ask
     */
    void neverReads(String room) throws Exception {
        List<IonSignal> people = IntStream.range(0, ROOMFUL)
                .mapToObj(i -> new IonSignal(signalling, headers))
                .toList();
        for (int i = 0; i < ROOMFUL; i++) {
            join(people.get(i), room, "p".repeat(120) + i).get(SECONDS, TimeUnit.SECONDS);
        }
        IonSignal bystander = people.get(0);
        try (RawSocket deaf = new RawSocket(signalling, headers, 1024)) {
            deaf.sendText(Json.createObjectBuilder()
                    .add("method", "join")
                    .add("id", "join")
                    .add("params", joining(room, "deaf"))
                    .build()
                    .toString());
            Deadline limit = Deadline.in(Duration.ofSeconds(SECONDS));
            while (!uids(bystander).contains("deaf")) {
                limit.pause("the deaf to join");
            }
            limit = Deadline.in(Duration.ofSeconds(SECONDS));
            int asked = 0;
            while (uids(bystander).contains("deaf")) { // Others are answered meanwhile.
                for (int i = 0; i < AT_ONCE && asked < QUESTIONS; i++) {
                    asked++;
                    deaf.sendText("{\"method\":\"peers\",\"params\":{},\"id\":1}");
                }
                limit.pause("the deaf to be closed");
            }
            assertEquals(ROOMFUL, uids(bystander).size());
        }
        people.forEach(IonSignal::close);
    }

    private static Set<String> uids(IonSignal asking) throws Exception {
        return asking
                .call("peers", JsonValue.EMPTY_JSON_OBJECT)
                .get(SECONDS, TimeUnit.SECONDS)
                .getJsonArray("peers")
                .getValuesAs(JsonObject.class)
                .stream()
                .map(peer -> peer.getString("uid"))
                .collect(Collectors.toSet());
    }

    /** Names with line ends and what else may look like a line of the log are refused. */
    void writesNoLogLines(AppServer server) throws Exception {
        for (String forged : List.of("x\nFORGED by a name", "x\rFORGED by a name", "x\u2028FORGED by a name")) {
            try (IonSignal writer = new IonSignal(signalling, headers)) {
                join(writer, forged, "writer").get(SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("code"), e.getMessage());
            }
        }
        assertEquals(
                List.of(),
                server.log().lines().filter(line -> line.startsWith("FORGED")).toList());
    }

    /** What a server says that reads no more may get lost. */
    private static void assertClosed(int expected, int code) {
        assertTrue(code == expected || code == RawSocket.SILENT, code + " instead of " + expected);
    }

    /** With 1008, which who goes on sending may not get to see: a server that reads no more resets the connection. */
    private void floodIsClosed() throws Exception {
        IonSignal signal = new IonSignal(signalling, headers);
        for (int i = 0; i < FLOOD; i++) {
            signal.sendText("{}");
        }
        CompletableFuture<JsonObject> answered = signal.call("peers", JsonValue.EMPTY_JSON_OBJECT);
        CompletableFuture.anyOf(signal.closed(), answered)
                .handle((any, failure) -> any)
                .get(SECONDS, TimeUnit.SECONDS);
        assertTrue(
                signal.closed().isDone(),
                "the server goes on answering after " + FLOOD
                        + " messages at once: is that less than the burst of SignalLimits?");
        try {
            assertEquals(1008, signal.closed().get(SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            assertInstanceOf(IOException.class, e.getCause());
        }
    }

    private int closedAfter(String message) throws Exception {
        IonSignal signal = new IonSignal(signalling, headers);
        signal.sendText(message);
        try {
            return signal.closed().get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertInstanceOf(IOException.class, e.getCause());
            return RawSocket.SILENT;
        }
    }

    private CompletableFuture<JsonObject> join(IonSignal person, String room, String uid) {
        return person.call("join", joining(room, uid));
    }

    private JsonObject joining(String room, String uid) {
        return Json.createObjectBuilder()
                .add("sid", room)
                .add("uid", uid)
                .add("offer", offer)
                .build();
    }
}
