package dev.noir.room;

import static dev.noir.room.Moderators.BOB;
import static dev.noir.room.Moderators.EVA;
import static dev.noir.room.Moderators.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.noir.room.Notification.StreamingChanged;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What somebody hears of a room's tracks who is not in it. */
final class WatchTest {
    private final RoomFixture noir = new RoomFixture(RoomOptions.DEFAULT);
    private final FakeClient eva = join(request("eva", EVA, "audio", "video"));
    private final List<String> heard = new ArrayList<>();
    private final TrackWatch watch = new Noting();
    private final TrackWatch other = new Noting();

    private final class Noting implements TrackWatch {
        @Override
        public void onTrack(WatchedTrack track) {
            heard.add("+" + track.what().track());
        }

        @Override
        public void onTrackGone(WatchedTrack track) {
            heard.add("-" + track.what().track());
        }

        @Override
        public void onEnded() {
            heard.add("ended");
        }

        @Override
        public void onMoved() {
            heard.add("moved");
        }
    }

    private FakeClient join(JoinRequest request) {
        FakeClient client = noir.client().join(request);
        client.answerLast();
        return client;
    }

    private List<String> takeHeard() {
        List<String> taken = List.copyOf(heard);
        heard.clear();
        return taken;
    }

    @Test
    void whatIsThereWhatComesWhatGoesAndTheEnd() {
        noir.rooms.watch(Moderators.ROOM, watch);
        List<String> first = takeHeard();
        assertEquals(2, first.size(), first::toString);
        FakeClient bob = join(request("bob", BOB, "audio"));
        List<String> more = takeHeard();
        assertEquals(1, more.size(), more::toString);
        bob.leave();
        assertEquals(List.of(more.get(0).replace('+', '-')), takeHeard());
        eva.leave();
        assertEquals(List.of(first.get(0).replace('+', '-'), first.get(1).replace('+', '-'), "ended"), takeHeard());
    }

    // Who is there is told, and who comes; not anew of a second one who watches.
    @Test
    void everybodyKnowsThatWhatIsShownGoesOut() {
        StreamingChanged on = new StreamingChanged(true);
        noir.rooms.watch(Moderators.ROOM, watch);
        noir.rooms.watch(Moderators.ROOM, other);
        assertEquals(List.of(on), Moderators.told(eva, StreamingChanged.class));
        FakeClient bob = join(request("bob", BOB, "audio"));
        assertEquals(List.of(on), Moderators.told(bob, StreamingChanged.class));
        noir.rooms.unwatch(Moderators.ROOM, watch);
        assertEquals(List.of(on), Moderators.told(bob, StreamingChanged.class));
        noir.rooms.unwatch(Moderators.ROOM, other);
        assertEquals(List.of(on, new StreamingChanged(false)), Moderators.told(bob, StreamingChanged.class));
    }

    @Test
    void whoWatchesNoMoreHearsNothing() {
        noir.rooms.watch(Moderators.ROOM, watch);
        takeHeard();
        noir.rooms.unwatch(Moderators.ROOM, watch);
        eva.leave();
        assertEquals(List.of(), heard);
    }

    @Test
    void aRoomThatGoesElsewhereSaysSo() {
        noir.rooms.watch(Moderators.ROOM, watch);
        takeHeard();
        noir.rooms.handOver(CloseCause.GOING_AWAY);
        List<String> last = takeHeard();
        assertEquals(List.of("moved"), last.subList(0, 1));
        assertEquals(1, last.size(), last::toString);
    }

    @Test
    void aRoomThatIsNotHereCannotBeWatched() {
        RoomException refused =
                assertThrows(RoomException.class, () -> noir.rooms.watch(new RoomId("elsewhere"), watch));
        assertEquals(RoomException.Code.MOVED, refused.code());
    }
}
