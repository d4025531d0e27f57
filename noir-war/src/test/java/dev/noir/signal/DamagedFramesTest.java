package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.NameRule;
import dev.noir.access.Visitor;
import dev.noir.protocol.JsonRpcCodec;
import dev.noir.room.FakeScheduler;
import dev.noir.route.LoneNode;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Recorded conversations with damage in them: each frame gets an answer or ends its socket, and nobody else notices. */
final class DamagedFramesTest {
    private static final int ROUNDS = 60;
    private static final List<String> NASTY = List.of(
            "\"",
            "\\",
            "{",
            "}",
            "[",
            "null",
            "true",
            "-1",
            "1e999999999",
            "99999999999999999999",
            "\\ud800",
            "\\u0000",
            "\u2028",
            "\\r\\n",
            ":",
            ",",
            "a=mid:0",
            "\"method\":\"leave\"",
            "\"target\":7",
            "\"config\":7");

    private final Random random = new Random(20261128);
    private final FakeScheduler scheduler = new FakeScheduler();
    private final LoneNode node = new LoneNode(scheduler);
    private final SignalServer server =
            new SignalServer(SignalLimits.DEFAULT, node.rooms, scheduler, Runnable::run, new Random(2), NameRule.FREE);

    @Test
    void damageHarmsNobodyElse() throws IOException {
        FakeSocket bystander = new FakeSocket();
        ClientLink link = server.open(bystander, Visitor.STRANGER).orElseThrow();
        int answered = 0;
        int closed = 0;
        JsonObject cases = EdgeCasesTest.cases();
        for (int round = 0; round < ROUNDS; round++) {
            for (String name : cases.keySet()) {
                FakeSocket socket = play(cases.getJsonArray(name).getValuesAs(JsonString.class));
                answered += socket.frames.size();
                closed += socket.closed == null ? 0 : 1;
            }
            scheduler.advance(Duration.ofSeconds(1)); // Budgets fill again.
            link.heard();
        }
        assertTrue(answered > ROUNDS * cases.size(), "answers: " + answered);
        assertTrue(closed < answered, "closed: " + closed);

        assertEquals(0, node.service.rooms());
        link.received("{\"id\":1,\"method\":\"nothing\"}", true);
        assertEquals(1, bystander.frames.size());
        assertNull(bystander.closed);
    }

    /** Whatever comes back is JSON, and the socket's end leaves no peer behind. */
    private FakeSocket play(List<JsonString> frames) {
        FakeSocket socket = new FakeSocket();
        ClientLink link = server.open(socket, Visitor.STRANGER).orElseThrow();
        for (JsonString frame : frames) {
            link.received(random.nextInt(4) == 0 ? frame.getString() : damage(frame.getString()), true);
        }
        for (String answer : socket.frames) {
            JsonRpcCodec.JSON.createReader(new StringReader(answer)).readObject();
        }
        link.closed();
        return socket;
    }

    private String damage(String text) {
        StringBuilder damaged = new StringBuilder(text);
        for (int i = random.nextInt(3); i >= 0 && damaged.length() > 0; i--) {
            int at = random.nextInt(damaged.length());
            switch (random.nextInt(4)) {
                case 0 -> damaged.deleteCharAt(at);
                case 1 -> damaged.insert(at, NASTY.get(random.nextInt(NASTY.size())));
                case 2 -> damaged.setCharAt(at, (char) random.nextInt(128));
                default -> damaged.setLength(at);
            }
        }
        return damaged.toString();
    }
}
