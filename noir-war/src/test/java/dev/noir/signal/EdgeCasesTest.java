package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.noir.access.NameRule;
import dev.noir.access.Visitor;
import dev.noir.protocol.JsonRpcCodec;
import dev.noir.room.FakeScheduler;
import dev.noir.route.LoneNode;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The frames that were once sent to the original ion-sfu to see what it does (edge-cases.json), with what noiR answers.
 * Where the two differ docs/protocol.md says why.
 */
final class EdgeCasesTest {
    private static final String JOINED = "trickle 0, trickle 0, offer, trickle 1, trickle 1";

    private final FakeScheduler scheduler = new FakeScheduler();
    private final LoneNode node = new LoneNode(scheduler);
    private final SignalServer server =
            new SignalServer(SignalLimits.DEFAULT, node.rooms, scheduler, Runnable::run, new Random(2), NameRule.FREE);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "offer-before-join | \"a\" error 500 no rtc transport exists for this Peer",
                "trickle-before-join-notification | 0 error 500 no rtc transport exists for this Peer",
                "answer-before-join-notification | 0 error 500 no rtc transport exists for this Peer",
                "unknown-method | \"u1\" error -32601 there is no such method, "
                        + "\"u2\" error -32601 there is no such method, \"j1\" answer, JOINED",
                "bad-json | null error -32700 the frame is not valid JSON",
                "batch | null error -32600 a request must be one JSON object; batches are not supported",
                "bad-params | \"b1\" error -32602 params must be an object, \"b2\" error -32602 sid must be a string",
                "numeric-id | 7 answer, JOINED",
                "join-twice | \"j1\" answer, JOINED, "
                        + "\"j2\" error 500 rtc transport already exists for this connection",
                "join-without-uid | \"j\" answer, JOINED",
                "join-noPublish | \"j1\" answer, JOINED",
                "join-noSubscribe | \"j1\" answer, JOINED",
                "join-lowercase-config | \"j1\" answer, JOINED",
                "join-snake-config | \"j1\" answer, JOINED",
                "offer-not-answered-then-second | \"j1\" answer, JOINED, \"o2\" answer",
                "duplicate-uid-same-session | \"j1\" answer, JOINED",
            })
    void isAnsweredExactly(String name, String expected) throws IOException {
        assertEquals(expected.replace("JOINED", JOINED), String.join(", ", play(name)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "bad-sdp | \"b3\" error 500 error creating answer: | 1",
                "empty-sdp-no-mlines | \"b4\" error 500 error creating answer: | 1",
                "answer-wrong-state | 0 error 500 setting remote description: | 7",
                "trickle-empty-candidate | 0 error 500 setting ice candidate: | 7",
            })
    void endsWithAnErrorThatSaysMore(String name, String start, int frames) throws IOException {
        List<String> replies = play(name);

        assertEquals(frames, replies.size(), String.join(", ", replies));
        String last = replies.get(frames - 1);
        assertEquals(start, last.substring(0, Math.min(start.length(), last.length())));
    }

    private List<String> play(String name) throws IOException {
        FakeSocket socket = new FakeSocket();
        ClientLink link = server.open(socket, Visitor.STRANGER).orElseThrow();
        for (JsonString frame : cases().getJsonArray(name).getValuesAs(JsonString.class)) {
            link.received(frame.getString(), true);
        }
        assertNull(socket.closed);
        return socket.frames.stream().map(EdgeCasesTest::summary).toList();
    }

    private static String summary(String frame) {
        JsonObject object =
                JsonRpcCodec.JSON.createReader(new StringReader(frame)).readObject();
        JsonValue id = object.get("id");
        if (object.get("error") instanceof JsonObject error) {
            return id + " error " + error.getInt("code") + " "
                    + error.getString("message").replace(",", ";");
        }
        if (object.get("result") instanceof JsonObject result) {
            return id + " " + result.getString("type", "done");
        }
        String method = object.getString("method");
        return method.equals("trickle")
                ? "trickle " + object.getJsonObject("params").getInt("target")
                : method;
    }

    static JsonObject cases() throws IOException {
        try (InputStream file = Objects.requireNonNull(EdgeCasesTest.class.getResourceAsStream("edge-cases.json"))) {
            return JsonRpcCodec.JSON.createReader(file).readObject();
        }
    }
}
