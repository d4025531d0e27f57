package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OutboxTest {
    private final FakeSocket socket = new FakeSocket();
    private final Outbox outbox = new Outbox(socket, Runnable::run);

    @Test
    void sendsOneAtATimeInOrder() {
        socket.held = true;
        outbox.text("a");
        outbox.text("b");
        outbox.ping();
        outbox.text("c");
        assertEquals(List.of("a"), socket.frames);

        socket.finishSend(null);
        socket.finishSend(null);
        assertEquals(List.of("a", "b", "c"), socket.frames);
        assertEquals(1, socket.pings);
    }

    @Test
    void goesOnWhenSendsEndAtOnce() {
        for (int i = 0; i < 1000; i++) {
            outbox.text("x");
        }
        assertEquals(1000, socket.frames.size());
        assertNull(socket.closed);
    }

    @Test
    void tooManyFramesCloseASlowClient() {
        socket.held = true;
        for (int i = 0; i <= Outbox.MAX_FRAMES; i++) {
            outbox.text("x");
        }
        assertNull(socket.closed);
        outbox.text("x");

        assertEquals("1008 the client reads too slowly", socket.closed);
        socket.finishSend(null);
        assertEquals(1, socket.frames.size());
    }

    @Test
    void tooManyCharactersCloseASlowClient() {
        socket.held = true;
        outbox.text("first");
        outbox.text("x".repeat(Outbox.MAX_CHARS));
        assertNull(socket.closed);
        outbox.text("x");

        assertEquals("1008 the client reads too slowly", socket.closed);
    }

    @Test
    void closesAfterWhatWasQueuedAndTakesNothingMore() {
        socket.held = true;
        outbox.text("a");
        outbox.text("b");
        outbox.closeAfterSending(4000, "bye");
        outbox.text("c");
        socket.finishSend(null);
        assertNull(socket.closed);
        socket.finishSend(null);

        assertEquals(List.of("a", "b"), socket.frames);
        assertEquals("4000 bye", socket.closed);
    }

    @Test
    void closesAtOnceWhenIdle() {
        outbox.closeAfterSending(4000, "bye");
        assertEquals("4000 bye", socket.closed);
    }

    /** A socket that is to send half of a pair fails; whoever wrote it, this client has not. */
    @Test
    void sendsNothingThatHasNoUtf8() {
        outbox.text("a\ud800b\udc00\ud83d\ude00\ud83d");

        assertEquals(List.of("a\uFFFDb\uFFFD\ud83d\ude00\uFFFD"), socket.frames);
    }

    @Test
    void aFailedSendEndsIt() {
        socket.held = true;
        outbox.text("a");
        outbox.text("b");
        socket.finishSend(new IOException("gone"));
        outbox.text("c");

        assertEquals(List.of("a"), socket.frames);
        assertTrue(socket.underWay.isEmpty());
        assertEquals("1008 the client does not take what it is sent", socket.closed);
    }
}
