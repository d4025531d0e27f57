package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.noir.access.Caller;
import dev.noir.access.NameRule;
import dev.noir.access.Password;
import dev.noir.access.Quotas;
import dev.noir.access.Standing;
import dev.noir.access.Visitor;
import dev.noir.room.FakeScheduler;
import dev.noir.route.LoneNode;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Random;
import org.jspecify.annotations.Nullable;
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

    /** With as many sockets as it may have, an address can say as much as twenty in ten seconds. */
    @Test
    void theSocketsOfOneAddressAreAFloodTogether() {
        Quotas quotas = new Quotas(
                new Quotas.Share(1000, 0, 0), Quotas.Share.UNLIMITED, OptionalInt.empty(), scheduler::nanoTime);
        SignalServer counting = new SignalServer(
                SignalLimits.DEFAULT,
                quotas,
                new LoneNode(scheduler).rooms,
                scheduler,
                Runnable::run,
                new Random(2),
                NameRule.FREE);
        for (int i = 0; i < 20; i++) {
            assertNull(flooded(counting, "192.0.2.1"));
        }
        assertEquals("1008 too many messages from your address, try again later", flooded(counting, "192.0.2.1"));
        assertNull(flooded(counting, "192.0.2.2"));
        scheduler.advance(Duration.ofSeconds(10));
        assertNull(flooded(counting, "192.0.2.1"));
    }

    private static @Nullable String flooded(SignalServer server, String address) {
        FakeSocket other = new FakeSocket();
        Visitor stranger = new Visitor(Caller.ANONYMOUS.at(address), Password.NONE, Standing.LASTING);
        ClientLink flooding = server.open(other, stranger).orElseThrow();
        for (int i = 0; i < BURST && other.closed == null; i++) {
            flooding.received(UNKNOWN, true);
        }
        return other.closed;
    }

    private void send(String message, int times) {
        for (int i = 0; i < times; i++) {
            link.received(message, true);
        }
    }
}
