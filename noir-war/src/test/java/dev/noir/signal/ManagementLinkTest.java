package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.access.Password;
import dev.noir.access.Standing;
import dev.noir.access.Visitor;
import dev.noir.room.FakeScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ManagementLinkTest {
    private final FakeScheduler scheduler = new FakeScheduler();
    private final ManagementSockets sockets = new ManagementSockets(scheduler, Runnable::run);
    private final FakeSocket socket = new FakeSocket();
    private final FakeTalk talk = new FakeTalk();
    private final ManagementLink link = sockets.open(socket, talk).orElseThrow();

    /** Says what it hears, at once unless it is held. */
    private static final class FakeTalk implements Management.Talk {
        final List<CompletableFuture<Optional<String>>> held = new ArrayList<>();
        boolean holds;

        @Nullable
        Consumer<Standing.End> listener;

        @Override
        public Visitor visitor() {
            return new Visitor(Caller.ANONYMOUS, Password.NONE, told -> {
                listener = told;
                return () -> listener = null;
            });
        }

        @Override
        public CompletionStage<Optional<String>> answer(String message) {
            CompletableFuture<Optional<String>> answer = new CompletableFuture<>();
            if (holds) {
                held.add(answer);
            } else {
                answer.complete(message.equals("silence") ? Optional.empty() : Optional.of("heard " + message));
            }
            return answer;
        }

        @Override
        public int maxChars() {
            return 10;
        }

        @Override
        public String tooLarge() {
            return "too large";
        }
    }

    @Test
    void messagesInPartsAreAnsweredAsOne() {
        link.received("ab", false);
        link.received("cd", true);
        link.received("silence", true);

        assertEquals(List.of("heard abcd"), socket.frames);
    }

    @Test
    void aMessageThatIsTooLargeIsAnsweredOnceAndTheNextOneIsHeard() {
        link.received("1234567890", false);
        link.received("1", false);
        link.received("2", false);
        link.received("3", true);
        link.received("next", true);

        assertEquals(List.of("too large", "heard next"), socket.frames);
        assertNull(socket.closed);
    }

    @Test
    void tooManyUnderWayOrTooManyPartsCloseIt() {
        talk.holds = true;
        for (int i = 0; i < ManagementLink.MAX_UNDER_WAY; i++) {
            link.received("x", true);
        }
        assertNull(socket.closed);
        talk.held.remove(0).complete(Optional.of("done"));
        link.received("x", true);
        assertNull(socket.closed);
        link.received("x", true);
        assertEquals("1008 too many commands are under way", socket.closed);

        FakeSocket flooded = new FakeSocket();
        ManagementLink other = sockets.open(flooded, new FakeTalk()).orElseThrow();
        for (int i = 0; i < 5000; i++) {
            other.received("", false);
        }
        assertEquals("1008 too many messages", flooded.closed);
    }

    @Test
    void itEndsWithTheSessionWithSilenceAndWithTheNode() {
        Consumer<Standing.End> over = talk.listener;
        if (over != null) {
            over.accept(Standing.End.SESSION_OVER);
        }
        assertEquals("4009 your session is over, please log in again", socket.closed);

        FakeSocket silent = new FakeSocket();
        assertTrue(sockets.open(silent, new FakeTalk()).isPresent());
        scheduler.advance(ManagementLink.SILENCE_TIMEOUT.plus(ManagementLink.PING_INTERVAL));
        assertTrue(silent.pings > 1);
        assertEquals("1008 the client has not been heard of", silent.closed);

        FakeSocket last = new FakeSocket();
        assertTrue(sockets.open(last, new FakeTalk()).isPresent());
        sockets.close();
        assertEquals("1001 the server is going down", last.closed);
        FakeSocket late = new FakeSocket();
        assertTrue(sockets.open(late, new FakeTalk()).isEmpty());
        assertEquals("1001 the server is going down", late.closed);
    }
}
