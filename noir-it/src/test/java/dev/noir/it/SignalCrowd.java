package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Sockets without media behind them: many at once, and some that mean harm. */
final class SignalCrowd {
    private static final int PEOPLE = 30;
    private static final int SECONDS = 20;
    // As ion-sdk-js sent it.
    private static final Path OFFER = Path.of("../noir-war/src/test/resources/sdp/sdk-1.7.2-offer.sdp");

    private final URI signalling;
    private final JsonObject offer;

    SignalCrowd(URI signalling) throws Exception {
        this.signalling = signalling;
        offer = Json.createObjectBuilder()
                .add("type", "offer")
                .add("sdp", Files.readString(OFFER))
                .build();
    }

    /** 30 join one room at once and leave it at once, twice. Payara has one thread for them, WildFly a few. */
    void comesAndGoes() throws Exception {
        for (int round = 0; round < 2; round++) {
            List<CompletableFuture<IonSignal>> opening = IntStream.range(0, PEOPLE)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> new IonSignal(signalling)))
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
        try (IonSignal bystander = new IonSignal(signalling)) {
            assertEquals(1009, closedAfter("\"" + "x".repeat(300_000) + "\""));
            floodIsClosed();
            try (IonSignal deep = new IonSignal(signalling)) {
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

    /** Names with line ends and what else may look like a line of the log are refused. */
    void writesNoLogLines(AppServer server) throws Exception {
        for (String forged : List.of("x\nFORGED by a name", "x\rFORGED by a name", "x\u2028FORGED by a name")) {
            try (IonSignal writer = new IonSignal(signalling)) {
                join(writer, forged, "writer").get(SECONDS, TimeUnit.SECONDS);
            } catch (ExecutionException e) {
                assertTrue(String.valueOf(e.getMessage()).contains("code"), e.getMessage());
            }
        }
        assertEquals(
                List.of(),
                server.log().lines().filter(line -> line.startsWith("FORGED")).toList());
    }

    /** With 1008, which who goes on sending may not get to see: a server that reads no more resets the connection. */
    private void floodIsClosed() throws Exception {
        IonSignal signal = new IonSignal(signalling);
        for (int i = 0; i < 600; i++) {
            signal.sendText("{}");
        }
        try {
            assertEquals(1008, signal.closed().get(SECONDS, TimeUnit.SECONDS));
        } catch (ExecutionException e) {
            assertInstanceOf(IOException.class, e.getCause());
        }
    }

    private int closedAfter(String message) throws Exception {
        IonSignal signal = new IonSignal(signalling);
        signal.sendText(message);
        return signal.closed().get(SECONDS, TimeUnit.SECONDS);
    }

    private CompletableFuture<JsonObject> join(IonSignal person, String room, String uid) {
        return person.call(
                "join",
                Json.createObjectBuilder()
                        .add("sid", room)
                        .add("uid", uid)
                        .add("offer", offer)
                        .build());
    }
}
