package dev.noir.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.event.EventsLost;
import dev.noir.event.PeerGranted;
import dev.noir.event.PeerJoined;
import dev.noir.event.PeerLeft;
import dev.noir.event.RoomClosed;
import dev.noir.event.RoomEvent;
import dev.noir.event.RoomMoved;
import dev.noir.event.RoomOpened;
import dev.noir.event.Track;
import dev.noir.event.TrackPublished;
import dev.noir.event.TrackUnpublished;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is written of what hosts tell. */
final class LedgerTest {
    private static final String R = "r";
    private static final Track CAMERA = new Track("s", "t", "video");
    private static final Track SCREEN = new Track("s", "u", "video");
    private static final RoomEvent OPENED = new RoomOpened(R, 0);
    private static final RoomEvent CLOSED = new RoomClosed(R, 0);

    private static RoomEvent joined(String peer) {
        return new PeerJoined(R, 0, peer, "");
    }

    private static RoomEvent left(String peer) {
        return new PeerLeft(R, 0, peer, "");
    }

    private static RoomEvent published(String peer, Track track) {
        return new TrackPublished(R, 0, peer, "", track);
    }

    private static RoomEvent unpublished(String peer, Track track) {
        return new TrackUnpublished(R, 0, peer, "", track);
    }

    private static List<RoomEvent> told(Ledger ledger, RoomEvent... events) {
        List<RoomEvent> written = new ArrayList<>();
        for (RoomEvent event : events) {
            written.addAll(ledger.apply(event));
        }
        return written;
    }

    private static Ledger withCameraOf(String peer) {
        return new Ledger(R, new Roll(7, true, Map.of(peer, new Attendance("", List.of(CAMERA)))));
    }

    @Test
    void writesWhatIsToldAsItIs() {
        RoomEvent[] life = {OPENED, joined("a"), published("a", CAMERA), unpublished("a", CAMERA), left("a"), CLOSED};

        assertEquals(List.of(life), told(new Ledger(R), life));
    }

    @Test
    void whoComesAlongToAnotherHostHasNeverLeft() {
        Ledger ledger = withCameraOf("a");

        assertEquals(List.of(new RoomMoved(R, 0)), told(ledger, OPENED, joined("a"), published("a", CAMERA)));
        assertEquals(List.of(), ledger.settle());
    }

    @Test
    void whoDoesNotComeAlongLeavesWithWhatHeSent() {
        Ledger ledger = withCameraOf("a");
        told(ledger, OPENED, joined("b"));

        assertEquals(List.of(unpublished("a", CAMERA), left("a")), ledger.settle());
        assertEquals(Optional.empty(), ledger.takeChanges().get("a"));
    }

    @Test
    void whatDoesNotComeAlongEnds() {
        Ledger ledger = withCameraOf("a");
        told(ledger, OPENED, joined("a"), published("a", SCREEN));

        assertEquals(List.of(unpublished("a", CAMERA)), ledger.settle());
    }

    @Test
    void somebodyElseOfThatNameIsNotWhoWasThere() {
        Ledger ledger = withCameraOf("a");
        RoomEvent other = new PeerJoined(R, 0, "a", "alice");

        assertEquals(
                List.of(new RoomMoved(R, 0), unpublished("a", CAMERA), left("a"), other), told(ledger, OPENED, other));
    }

    @Test
    void aRoomThatClosesEndsAllThatWasExpected() {
        Ledger ledger = withCameraOf("a");

        assertEquals(
                List.of(new RoomMoved(R, 0), unpublished("a", CAMERA), left("a"), CLOSED),
                told(ledger, OPENED, CLOSED));
        assertTrue(!ledger.isOpen() && ledger.takeAll().values().stream().allMatch(Optional::isEmpty));
    }

    @Test
    void nothingIsWrittenOfWhoIsNotThere() {
        RoomEvent granted = new PeerGranted(R, 0, "x", "", List.of(), false);

        assertEquals(
                List.of(OPENED),
                told(new Ledger(R), OPENED, left("x"), published("x", CAMERA), granted, unpublished("x", CAMERA)));
    }

    @Test
    void whatIsMissingIsMadeUpFor() {
        Ledger ledger = new Ledger(R);
        told(ledger, OPENED, joined("a"), published("a", CAMERA), joined("b"), joined("d"), published("d", CAMERA));
        Ledger now = new Ledger(R);
        told(now, OPENED, joined("a"), published("a", SCREEN), joined("c"), joined("d"), published("d", CAMERA));

        assertEquals(
                List.of(
                        new EventsLost(R, 0, 3),
                        left("b"),
                        unpublished("a", CAMERA),
                        published("a", SCREEN),
                        joined("c")),
                ledger.catchUp(now, 3));
        assertEquals(List.of(), ledger.catchUp(now, 0));
        told(now, left("a"), left("c"), left("d"), CLOSED);
        List<RoomEvent> end = ledger.catchUp(now, 0);
        assertEquals(CLOSED, end.get(end.size() - 1));
        assertEquals(6, end.size());
    }
}
