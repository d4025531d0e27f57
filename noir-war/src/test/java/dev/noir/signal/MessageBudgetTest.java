package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.noir.access.NameRule;
import dev.noir.access.Visitor;
import dev.noir.room.FakeScheduler;
import dev.noir.route.LoneNode;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a socket may say at once, and in the long run: by the work that it makes. */
final class MessageBudgetTest {
    private static final int BURST = SignalLimits.DEFAULT.burst();
    private static final String UNKNOWN = "{\"method\":\"nope\"}";
    private static final String OFFER = "{\"method\":\"offer\",\"id\":1}";

    private final FakeScheduler scheduler = new FakeScheduler();
    private final SignalServer server = new SignalServer(
            SignalLimits.DEFAULT,
            new LoneNode(scheduler).rooms,
            scheduler,
            Runnable::run,
            new Random(2),
            NameRule.FREE);
    private final FakeSocket socket = new FakeSocket();
    private final ClientLink link = server.open(socket, Visitor.STRANGER).orElseThrow();

    @Test
    void aFloodClosesTheSocket() {
        send(UNKNOWN, BURST);
        assertNull(socket.closed);
        send(UNKNOWN, 1);
        assertEquals("1008 too many messages", socket.closed);
    }

    @Test
    void longMessagesAreAFloodSooner() {
        send("{\"method\":\"nope\",\"params\":{\"a\":\"" + "x".repeat(33_000) + "\"}}", BURST / 5);
        assertNull(socket.closed);
        send(UNKNOWN, 1);
        assertEquals("1008 too many messages", socket.closed);
    }

    @Test
    void offersCountAsSeven() {
        send(OFFER, BURST / 7);
        assertNull(socket.closed);
        assertEquals(BURST / 7, socket.frames.size());
        send(OFFER, 1);
        assertEquals("1008 too many messages", socket.closed);
        assertEquals(BURST / 7, socket.frames.size());
    }

    @Test
    void fiveOffersASecondGoOn() {
        for (int second = 0; second < 600; second++) {
            send(OFFER, 5);
            link.heard();
            scheduler.advance(Duration.ofSeconds(1));
        }
        assertNull(socket.closed);
    }

    private void send(String message, int times) {
        for (int i = 0; i < times; i++) {
            link.received(message, true);
        }
    }
}
