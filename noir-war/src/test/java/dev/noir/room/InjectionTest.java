package dev.noir.room;

import static dev.noir.room.Moderators.EVA;
import static dev.noir.room.Moderators.name;
import static dev.noir.room.Moderators.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.access.Password;
import dev.noir.event.TrackPublished;
import dev.noir.room.FakeMediaPlane.FakeInjector;
import dev.noir.room.FakeProjector.FakeShowing;
import dev.noir.room.ModerationCommand.Banish;
import dev.noir.room.ModerationCommand.Kick;
import dev.noir.room.ModerationCommand.Lock;
import dev.noir.room.ModerationCommand.Squelch;
import dev.noir.room.Projector.Content;
import dev.noir.sdp.Codec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A file that takes part in a room. */
final class InjectionTest {
    private static final Playing FILM = new Playing("film.webm", 1, 0, false);

    private final RoomFixture noir = new RoomFixture(RoomOptions.DEFAULT);
    private final FakeClient eva = noir.client().join(request("eva", EVA));

    private FakeClient player(String name) {
        return noir.client()
                .join(new JoinRequest(
                        Moderators.ROOM,
                        name(name),
                        FILM.text(),
                        JoinConfig.INJECTED,
                        Caller.ANONYMOUS,
                        Password.NONE,
                        Set.of()));
    }

    private FakeClient playing() {
        FakeClient player = player("film");
        noir.projector.last().events.onOpened(FakeProjector.PICTURE_AND_SOUND);
        return player;
    }

    private FakeInjector injector() {
        return noir.media.onlyRoom().injectors.get(0);
    }

    private RoomReport.PeerReport reported(String name) {
        eva.moderate(new ModerationCommand.Peers());
        RoomReport report = (RoomReport) eva.results.get(eva.results.size() - 1);
        return report.peers().stream()
                .filter(peer -> peer.name().value().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void itIsThereAtOnceAndSendsWhenTheFileIsOpen() {
        FakeClient player = player("film");

        assertEquals(List.of(FILM.text()), player.answers);
        assertEquals(List.of(), reported("film").streams());
        FakeShowing showing = noir.projector.last();
        assertEquals(FILM, showing.what);

        showing.events.onOpened(FakeProjector.PICTURE_AND_SOUND);
        assertEquals(2, reported("film").streams().size());
        assertEquals(List.copyOf(injector().tracks), showing.tracks);
        injector().tracks.forEach(track -> assertFalse(track.media.squelched));
        eva.answerLast();
        assertEquals(
                2, noir.events.stream().filter(TrackPublished.class::isInstance).count());
        assertTrue(eva.lastOffer().contains("msid:film film-video"), eva.lastOffer());
        assertTrue(eva.lastOffer().contains("msid:film film-audio"), eva.lastOffer());
    }

    @Test
    void whoComesLaterIsOfferedItToo() {
        playing();
        FakeClient bob = noir.join("r", "bob");

        assertTrue(bob.lastOffer().contains("msid:film film-video"), bob.lastOffer());
    }

    @Test
    void itsLinkHearsHowFarItIs() {
        FakeClient player = playing();
        noir.projector.last().events.onMoved(FILM.at(1000));

        assertEquals(
                FILM.at(1000),
                Moderators.lastTold(player, Notification.PlayingMoved.class).now());
        assertEquals(List.of(), Moderators.told(eva, Notification.PlayingMoved.class));
    }

    @Test
    void itsLinkCanChangeThat() {
        FakeClient player = playing();
        Playing.Change pause = new Playing.Change(Optional.of(true), OptionalLong.of(2000));
        player.offer(pause.text());
        player.offer("position=far\n");

        assertEquals(List.of(pause), noir.projector.last().changes);
        assertEquals(new Playing("film.webm", 1, 2000, true).text(), player.lastAnswer());
        assertEquals(List.of(RoomException.Code.INVALID), player.codes);
        assertNull(player.closed);
    }

    @Test
    void itLeavesWhenTheFileHasBeenPlayed() {
        FakeClient player = playing();
        noir.projector.last().events.onEnded();

        assertTrue(player.log.contains("left"), player.log.toString());
        assertTrue(injector().closed);
        assertTrue(noir.projector.last().closed);
        assertEquals(1, noir.rooms.peers());
        noir.projector.last().events.onEnded();
        noir.projector.last().events.onFailed("late");
        assertNull(player.closed);
    }

    @Test
    void aFileThatCannotBePlayedIsSaidInWords() {
        FakeClient player = player("film");
        noir.projector.last().events.onFailed("there is no such file");

        assertEquals(new CloseCause(4012, "cannot be played: there is no such file"), player.closed);
        assertTrue(noir.projector.last().closed);
        assertEquals(1, noir.rooms.peers());
    }

    @Test
    void neitherDoesAnythingPlayWhereThereIsNoFolder() {
        noir.projector.refuses = true;

        assertEquals(
                "cannot be played: this server has no folder of files to play",
                player("film").closed.reason());
        assertEquals(1, noir.rooms.peers());
    }

    @Test
    void whatNobodyCanDecodeIsRefused() {
        FakeClient player = player("film");
        byte[] fullChroma = {1, 0x7a, 0, 31};
        noir.projector.last().events.onOpened(List.of(new Content(Codec.H264, fullChroma)));

        assertEquals(4012, player.closed.code());
        assertEquals(1, noir.rooms.peers());
    }

    @Test
    void whatLeavesWhileTheFileIsBeingOpenedIsNotPlayed() {
        FakeClient player = player("film");
        player.leave();
        assertTrue(noir.projector.last().closed);

        noir.projector.last().events.onOpened(FakeProjector.PICTURE_AND_SOUND);
        assertEquals(List.of(), noir.media.onlyRoom().injectors);
        assertEquals(List.of(), noir.projector.last().tracks);
    }

    @Test
    void noLockKeepsItOutButABanDoes() {
        eva.moderate(new Lock(true));
        FakeClient player = playing();
        assertNull(player.closed);

        eva.moderate(new Banish(name("film"), Duration.ofMinutes(1), "enough"));
        assertEquals(4008, player.closed.code());
        FakeClient again = player("film");
        assertEquals(List.of(RoomException.Code.BANNED), again.codes);
    }

    @Test
    void itTakesNobodysName() {
        FakeClient player = player("eva");

        assertEquals(List.of(RoomException.Code.FORBIDDEN), player.codes);
        assertNull(eva.closed);
    }

    @Test
    void itIsModeratedAsAnybodyIs() {
        FakeClient player = playing();
        eva.moderate(new Squelch(true, name("film"), Optional.of(Medium.AUDIO), Optional.empty()));
        assertEquals(
                List.of(false, true),
                injector().tracks.stream().map(track -> track.media.squelched).toList());

        eva.moderate(new Kick(name("film"), ""));
        assertEquals(4007, player.closed.code());
        assertTrue(noir.projector.last().closed);
    }

    @Test
    void itIsOneOfThoseWhoSend() {
        RoomFixture room = new RoomFixture(RoomOptions.DEFAULT.withMaxPublishers(1));
        room.join("r", "ann", TestSdp.offer("abcd", "s", "video"));
        FakeClient player = room.client().join("r", "film", FILM.text(), JoinConfig.INJECTED);
        room.projector.last().events.onOpened(FakeProjector.PICTURE_AND_SOUND);

        assertEquals("cannot be played: the room has as many publishers as it may have", player.closed.reason());
    }

    @Test
    void aFullRoomRefusesIt() {
        RoomFixture full = new RoomFixture(RoomOptions.DEFAULT.withMaxPeers(1));
        full.join("r", "ann");
        FakeClient player = full.client().join("r", "film", FILM.text(), JoinConfig.INJECTED);

        assertEquals(List.of(RoomException.Code.ROOM_FULL), player.codes);
    }

    @Test
    void aLoopThatDiesEndsIt() {
        FakeClient player = playing();
        injector().tellClosed(MediaEnd.BUG);

        assertEquals(4002, player.closed.code());
        assertEquals(1, noir.rooms.peers());
    }

    @Test
    void theRoomsEndIsItsEnd() {
        FakeClient player = playing();
        FakeShowing showing = noir.projector.last();
        noir.rooms.close();

        assertSame(CloseCause.GOING_AWAY, player.closed);
        assertTrue(showing.closed);
        assertEquals(0, noir.media.openObjects());
    }

    @Test
    void anotherHostIsToldAnewWhatToPlay() {
        FakeClient back = noir.client();
        back.resume(new ResumeRequest(
                Moderators.ROOM, name("film"), JoinConfig.INJECTED, "", "", Caller.ANONYMOUS, Set.of()));

        assertEquals(List.of(RoomException.Code.NOT_JOINED), back.codes);
    }
}
