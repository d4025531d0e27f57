package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.access.Caller;
import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.access.Password;
import dev.noir.event.PeerGranted;
import dev.noir.event.PeerJoined;
import dev.noir.event.PeerLeft;
import dev.noir.event.PeerMoved;
import dev.noir.event.PeerSquelched;
import dev.noir.event.RoomClosed;
import dev.noir.event.RoomEvent;
import dev.noir.event.RoomLocked;
import dev.noir.event.RoomMoved;
import dev.noir.event.RoomOpened;
import dev.noir.event.Track;
import dev.noir.event.TrackPublished;
import dev.noir.event.TrackUnpublished;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a room tells, in its order and numbered without a gap. */
final class RoomEventsTest {
    private static final String AUDIO = "audio";

    private final RoomFixture noir = new RoomFixture();

    private static JoinRequest request(String peer, String offer, String principal) {
        return new JoinRequest(
                new RoomId("r"),
                new PeerName(peer),
                offer,
                JoinConfig.NONE,
                new Caller(principal, Set.of(), Caller.Means.CONTAINER, ""),
                Password.NONE,
                Set.of());
    }

    @Test
    void tellsALifeInPairs() {
        FakeClient alice = noir.client().join(request("a", TestSdp.offer("ufra", "s", AUDIO), "alice"));
        FakeClient bob = noir.join("r", "b");
        bob.leave();
        alice.leave();

        Track track = ((TrackPublished) noir.events.get(2)).track();
        assertEquals(AUDIO, track.kind());
        assertEquals("s", track.stream());
        List<RoomEvent> expected = List.of(
                new RoomOpened("r", 1),
                new PeerJoined("r", 2, "a", "alice"),
                new TrackPublished("r", 3, "a", "alice", track),
                new PeerJoined("r", 4, "b", ""),
                new PeerLeft("r", 5, "b", ""),
                new TrackUnpublished("r", 6, "a", "alice", track),
                new PeerLeft("r", 7, "a", "alice"),
                new RoomClosed("r", 8));
        assertEquals(expected, noir.events);
    }

    @Test
    void tellsWhatModeratorsDo() {
        List<String> everything = Grants.MEMBER.with(Grant.MODERATE).wire();
        FakeClient eva = noir.client().join(Moderators.request("e", Moderators.EVA));
        noir.join("r", "b");
        eva.moderate(new ModerationCommand.Lock(true));
        eva.moderate(new ModerationCommand.Lock(true));
        PeerName b = new PeerName("b");
        eva.moderate(new ModerationCommand.Squelch(true, b, Optional.of(Medium.AUDIO), Optional.empty()));
        eva.moderate(new ModerationCommand.SetGrants(b, Grants.NONE));

        assertEquals(
                List.of(
                        new RoomOpened("r", 1),
                        new PeerJoined("r", 2, "e", "eva"),
                        new PeerGranted("r", 3, "e", "eva", everything, false),
                        new PeerJoined("r", 4, "b", ""),
                        new RoomLocked("r", 5, true),
                        new PeerSquelched("r", 6, "b", "", Set.of(AUDIO), Set.of()),
                        new PeerGranted("r", 7, "b", "", List.of("join"), false)),
                noir.events);
    }

    @Test
    void whoIsSentElsewhereLeavesInPairs() {
        noir.join("r", "b");
        noir.events.clear();
        noir.rooms.moderate(
                new RoomId("r"),
                Caller.ANONYMOUS,
                new ModerationCommand.Move(new PeerName("b"), new RoomId("s")),
                noir.client().reply);

        assertEquals(
                List.of(new PeerMoved("r", 3, "b", "", "s"), new PeerLeft("r", 4, "b", ""), new RoomClosed("r", 5)),
                noir.events);
    }

    @Test
    void aRefusedJoinHasNotHappened() {
        noir.client().join("r", "a", "no offer", JoinConfig.NONE);

        assertEquals(List.of(new RoomOpened("r", 1), new RoomClosed("r", 2)), noir.events);
    }

    @Test
    void whoIsReplacedLeavesFirst() {
        noir.join("r", "a");
        noir.events.clear();
        noir.join("r", "a");

        assertEquals(List.of(new PeerLeft("r", 3, "a", ""), new PeerJoined("r", 4, "a", "")), noir.events);
    }

    @Test
    void aRoomThatGoesOnElsewhereSaysSoBeforeItsPeersLeave() {
        noir.join("r", "a");
        noir.events.clear();
        noir.rooms.handOver(CloseCause.GOING_AWAY);

        assertEquals(
                List.of(new RoomMoved("r", 3), new PeerLeft("r", 4, "a", ""), new RoomClosed("r", 5)), noir.events);
    }

    @Test
    void aRoomThatItsHostHasLeftOpenIsOpenedAndClosed() {
        noir.rooms.settle(new RoomId("r"));
        assertEquals(List.of(new RoomOpened("r", 1), new RoomClosed("r", 2)), noir.events);
        assertEquals(0, noir.rooms.rooms());
        noir.join("r", "a");
        noir.events.clear();
        noir.rooms.settle(new RoomId("r"));

        assertEquals(List.of(), noir.events);
        assertEquals(1, noir.rooms.peers());
    }

    @Test
    void aRoomThatOpensAgainCountsAnew() {
        noir.join("r", "a").leave();
        noir.events.clear();
        noir.join("r", "a");

        assertEquals(List.of(new RoomOpened("r", 1), new PeerJoined("r", 2, "a", "")), noir.events);
    }
}
