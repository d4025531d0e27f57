package dev.noir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.room.CloseCause;
import dev.noir.room.FakeScheduler;
import dev.noir.room.JoinRequest;
import dev.noir.room.ModerationCommand;
import dev.noir.room.Notification;
import dev.noir.room.PeerLink;
import dev.noir.room.PeerName;
import dev.noir.room.PeerRequests;
import dev.noir.room.Playing;
import dev.noir.room.Reply;
import dev.noir.room.RoomId;
import dev.noir.room.TransportRole;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** By a room that lets it in each time. */
final class PlayedFileTest {
    private static final Playing FILM = new Playing("film.webm", -1, 7000, false);
    private static final CloseCause MEDIA_FAILED = new CloseCause(CloseCause.MEDIA_FAILED_CODE, "internal error");

    private final FakeScheduler scheduler = new FakeScheduler();
    private final OpenRoom room = new OpenRoom();
    private final PlayedFile played = new PlayedFile(room, scheduler, new RoomId("r"), new PeerName("cinema"), FILM);

    private void fails(Duration after) {
        played.notify(new Notification.PlayingMoved(FILM));
        scheduler.advance(after);
        played.notify(new Notification.PlayingMoved(FILM));
        played.close(MEDIA_FAILED);
        scheduler.advance(Duration.ofSeconds(PlayedFile.MAX_ATTEMPTS));
    }

    @Test
    void whatEndsItsMediaEachTimeEndsIt() {
        played.begin();
        for (int i = 0; i < 2 * PlayedFile.MAX_ATTEMPTS && !isOver(); i++) {
            fails(Duration.ofSeconds(2));
        }

        assertTrue(isOver());
        assertEquals(1 + PlayedFile.MAX_ATTEMPTS, room.joins);
    }

    @Test
    void whatFailsNowAndThenDoesNot() {
        played.begin();
        for (int i = 0; i < 2 * PlayedFile.MAX_ATTEMPTS; i++) {
            fails(PlayedFile.PROVEN);
        }

        assertFalse(isOver());
        assertEquals(1 + 2 * PlayedFile.MAX_ATTEMPTS, room.joins);
    }

    private boolean isOver() {
        return played.over().toCompletableFuture().isDone();
    }

    private static final class OpenRoom implements PeerRequests {
        private int joins;

        @Override
        public void join(PeerLink link, JoinRequest request, Reply reply) {
            joins++;
            reply.answer(request.offer());
        }

        @Override
        public void offer(PeerLink link, String sdp, Reply reply) {}

        @Override
        public void answer(PeerLink link, String sdp, Reply reply) {}

        @Override
        public void trickle(PeerLink link, TransportRole role, String candidate, Reply reply) {}

        @Override
        public void moderate(PeerLink link, ModerationCommand command, Reply reply) {}

        @Override
        public void leave(PeerLink link) {}

        @Override
        public boolean isJoined(PeerLink link) {
            return true;
        }
    }
}
