package dev.noir.room;

import static dev.noir.room.Moderators.ADA;
import static dev.noir.room.Moderators.BOB;
import static dev.noir.room.Moderators.EVA;
import static dev.noir.room.Moderators.name;
import static dev.noir.room.Moderators.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.access.Password;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import dev.noir.room.ModerationCommand.Admit;
import dev.noir.room.ModerationCommand.Banish;
import dev.noir.room.ModerationCommand.Kick;
import dev.noir.room.ModerationCommand.Lobby;
import dev.noir.room.ModerationCommand.Lock;
import dev.noir.room.ModerationCommand.Move;
import dev.noir.room.ModerationCommand.Peers;
import dev.noir.room.ModerationCommand.SetGrants;
import dev.noir.room.ModerationCommand.Squelch;
import dev.noir.room.ModerationCommand.SquelchOthers;
import dev.noir.room.ModerationCommand.Unban;
import dev.noir.room.Notification.RoomChanged;
import dev.noir.room.Notification.SquelchChanged;
import dev.noir.room.RoomException.Code;
import dev.noir.room.RoomReport.PeerReport;
import dev.noir.room.RoomReport.StreamReport;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ModerationTest {
    private static final Caller STRANGER = Moderators.anonymousFrom("198.51.100.3");
    private static final Grants MODERATES = Grants.MEMBER.with(Grant.MODERATE);
    private static final Duration HOUR = Duration.ofHours(1);

    private final RoomFixture noir = new RoomFixture(RoomOptions.DEFAULT);
    private final FakeClient eva = join("eva", EVA);

    private FakeClient join(String name, Caller caller, String... sections) {
        FakeClient client = noir.client().join(request(name, caller, sections));
        if (client.errors.isEmpty()) {
            client.answerLast();
            noir.last(TransportRole.PUBLISHER).tell(TransportState.CONNECTED, MediaEnd.NONE);
            noir.last(TransportRole.SUBSCRIBER).tell(TransportState.CONNECTED, MediaEnd.NONE);
        }
        return client;
    }

    private static Squelch squelch(String peer, boolean squelched) {
        return new Squelch(squelched, name(peer), Optional.empty(), Optional.empty());
    }

    private RoomReport report() {
        eva.moderate(new Peers());
        return (RoomReport) eva.results.get(eva.results.size() - 1);
    }

    /** All of them, aimed at a peer of that name. */
    private static List<ModerationCommand> commands(String peer) {
        return List.of(
                new Peers(),
                new Lock(false),
                new Lobby(false),
                new Admit(name(peer)),
                squelch(peer, true),
                squelch(peer, false),
                new SetGrants(name(peer), Grants.MEMBER),
                new Kick(name(peer), ""));
    }

    @Test
    void nothingIsDoneForWhoDoesNotModerate() {
        FakeClient bob = join("bob", BOB);
        FakeClient stranger = join("x", STRANGER);
        for (ModerationCommand command : commands("bob")) {
            assertEquals(Code.FORBIDDEN, stranger.moderate(command), command::toString);
            assertEquals(Code.FORBIDDEN, bob.moderate(command), command::toString);
        }
        assertEquals(Code.FORBIDDEN, bob.moderate(new Move(name("x"), new RoomId("next door"))));
        assertEquals(Code.FORBIDDEN, bob.moderate(new Banish(name("x"), HOUR, "")));
        assertEquals(Code.FORBIDDEN, bob.moderate(new Unban("x")));
        assertEquals(Code.FORBIDDEN, bob.moderate(new SquelchOthers(true, name("bob"), Optional.empty())));
        assertEquals(Set.of("you may not do that"), Set.copyOf(bob.errors));
        assertNull(bob.closed);
        assertEquals(0, noir.directory.saves);
    }

    @Test
    void everythingIsDoneForWhoDoes() {
        for (Caller rank : List.of(EVA, ADA, Moderators.named("eda", "noir-moderator"))) {
            FakeClient moderator = join("m", rank);
            FakeClient bob = join("bob", BOB, "audio");
            for (ModerationCommand command : commands("bob")) {
                assertNull(moderator.moderate(command), command::toString);
            }
            assertEquals(new CloseCause(4007, "removed by a moderator"), bob.closed);
            moderator.leave();
        }
    }

    @Test
    void onlyAnAdministratorModeratesAnAdministrator() {
        FakeClient ada = join("ada", ADA, "audio");
        for (ModerationCommand command : commands("ada").subList(3, 8)) {
            assertEquals(Code.FORBIDDEN, eva.moderate(command), command::toString);
        }
        assertEquals(Code.FORBIDDEN, eva.moderate(new Banish(name("ada"), HOUR, "")));
        assertNull(eva.moderate(new SquelchOthers(true, name("eva"), Optional.empty())));
        assertEquals(List.of(false), Moderators.squelched(noir.last(TransportRole.PUBLISHER)));
        FakeClient second = join("second", ADA);
        assertNull(second.moderate(new Kick(name("ada"), "")));
        assertNotNull(ada.closed);
    }

    @Test
    void nobodyGivesMoreThanHeHas() {
        FakeClient bob = join("bob", BOB);
        Grants administers = Grants.MEMBER.with(Grant.ADMINISTER);
        assertEquals(Code.FORBIDDEN, eva.moderate(new SetGrants(name("bob"), administers)));
        assertEquals("you may not give the grant administer", eva.errors.get(0));
        assertEquals(Code.FORBIDDEN, eva.moderate(new SetGrants(name("eva"), administers)));
        assertNull(eva.moderate(new SetGrants(name("bob"), MODERATES)));
        assertNull(bob.moderate(new Lock(true)));
        assertNull(join("ada", ADA).moderate(new SetGrants(name("bob"), administers)));
    }

    @Test
    void aBanIsNeitherForAMomentNorForEver() {
        for (Duration time : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofDays(31))) {
            assertThrows(RoomException.class, () -> new Banish(name("x"), time, ""));
        }
    }

    @Test
    void whoIsNotThereIsNotFound() {
        for (ModerationCommand command : commands("nobody").subList(3, 8)) {
            assertEquals(Code.NO_SUCH_PEER, eva.moderate(command), command::toString);
        }
        assertEquals(Code.NO_SUCH_PEER, eva.moderate(new Unban("none")));
        assertEquals("there is no such ban", eva.errors.get(eva.errors.size() - 1));
        assertEquals(Code.NO_SUCH_PEER, eva.moderate(new SquelchOthers(true, name("nobody"), Optional.empty())));
    }

    @Test
    void aLockedRoomTakesNobodyButModerators() {
        FakeClient bob = join("bob", BOB);
        eva.moderate(new Lock(true));

        assertEquals(new RoomChanged(true, false, List.of()), Moderators.lastTold(eva, RoomChanged.class));
        FakeClient late = join("x", STRANGER);
        assertEquals(List.of("the room is locked"), late.errors);
        assertEquals(List.of(Code.LOCKED), late.codes);
        assertEquals(List.of(), join("m", Moderators.named("m", "noir-moderator")).errors);
        // He is in already, on another socket or after a reload.
        assertEquals(List.of(), join("bob", BOB).errors);
        assertEquals(CloseCause.REPLACED, bob.closed);
        assertEquals(List.of(Code.LOCKED), join("other", BOB).codes);

        eva.moderate(new Lock(false));
        assertEquals(List.of(), join("x", STRANGER).errors);
    }

    @Test
    void inALockedRoomANameThatAnybodyCouldHaveIsNoKey() {
        FakeClient stranger = join("x", STRANGER);
        eva.moderate(new Lock(true));

        assertEquals(List.of(Code.LOCKED), join("x", STRANGER).codes);
        assertNull(stranger.closed);
    }

    @Test
    void aKickedPeerIsGoneIsToldWhyAndMayComeBack() {
        FakeClient bob = join("bob", BOB, "audio");
        FakeTransport sending = noir.last(TransportRole.PUBLISHER);
        eva.moderate(new Kick(name("bob"), "no\nshouting"));

        assertEquals(new CloseCause(4007, "removed by a moderator: no shouting"), bob.closed);
        assertTrue(sending.closed);
        assertEquals(List.of(), join("bob", BOB).errors);
    }

    @Test
    void whoIsSentToAnotherRoomIsToldWhichAndIsNotInTwo() {
        FakeClient bob = join("bob", BOB, "audio");
        FakeTransport sending = noir.last(TransportRole.PUBLISHER);
        RoomId other = new RoomId("next door");
        assertEquals(Code.INVALID, eva.moderate(new Move(name("bob"), new RoomId("r"))));
        assertEquals(Code.NO_SUCH_PEER, eva.moderate(new Move(name("nobody"), other)));
        assertNull(eva.moderate(new Move(name("bob"), other)));

        assertEquals(new CloseCause(4011, "asked into another room: next door"), bob.closed);
        assertEquals(new Notification.SentTo(other, Password.NONE), bob.told.get(bob.told.size() - 1));
        assertTrue(sending.closed);
        assertEquals(List.of(), join("bob", BOB).errors);
    }

    @Test
    void whoModeratesOneRoomOnlySendsNobodyToAnother() {
        join("bob", BOB);
        FakeClient carol = join("carol", STRANGER);
        eva.moderate(new SetGrants(name("carol"), MODERATES));

        assertEquals(Code.FORBIDDEN, carol.moderate(new Move(name("bob"), new RoomId("next door"))));
        assertEquals("you may not moderate the other room", carol.errors.get(0));
    }

    @Test
    void aReasonFitsIntoACloseFrame() {
        join("bob", BOB);
        FakeClient bob = join("bob", BOB);
        eva.moderate(new Kick(name("bob"), "ü".repeat(128)));

        CloseCause closed = bob.closed;
        assertNotNull(closed);
        assertEquals(122, closed.reason().getBytes(StandardCharsets.UTF_8).length);
    }

    @Test
    void aBannedPrincipalStaysOutUnderEveryNameForSoLong() {
        FakeClient bob = join("bob", BOB);
        FakeClient phone = join("bob.phone", BOB);
        eva.moderate(new Banish(name("bob"), HOUR, "spam"));

        assertEquals(new CloseCause(4008, "banned: spam"), bob.closed);
        assertEquals(new CloseCause(4008, "banned: spam"), phone.closed);
        FakeClient other = join("other", BOB);
        assertEquals(List.of(Code.BANNED), other.codes);
        assertEquals(List.of("banned until 2030-01-01T01:00:00Z"), other.errors);
        assertEquals(List.of(Code.BANNED), join("x", Moderators.anonymousFrom(BOB.address())).codes);
        assertEquals(List.of(), join("bob", STRANGER).errors);
        assertFalse(noir.rooms.mayWatch(Moderators.ROOM, BOB), "nor does he watch from outside");
        assertTrue(noir.rooms.mayWatch(Moderators.ROOM, STRANGER));
        noir.scheduler.advance(HOUR.minusSeconds(1));
        assertEquals(List.of(Code.BANNED), join("other", BOB).codes);
        noir.scheduler.advance(Duration.ofSeconds(1));
        assertEquals(List.of(), join("other", BOB).errors);
    }

    @Test
    void aBannedStrangerIsKnownByNameAndNetwork() {
        join("x", Moderators.anonymousFrom("2001:db8:1:2::1"));
        FakeClient neighbour = join("n", Moderators.anonymousFrom("2001:db8:1:2::9"));
        eva.moderate(new Banish(name("x"), HOUR, ""));

        assertEquals(List.of(Code.BANNED), join("x", STRANGER).codes);
        assertEquals(List.of(Code.BANNED), join("y", Moderators.anonymousFrom("2001:db8:1:2:ffff::1")).codes);
        assertEquals(List.of(), join("y", Moderators.anonymousFrom("2001:db8:1:3::1")).errors);
        assertEquals(List.of(), join("x", BOB).errors);
        assertNull(neighbour.closed);
    }

    /** Behind a proxy that nobody has told noiR about, everybody comes from there. */
    @Test
    void theAddressOfThisMachineIsNobodys() {
        for (String local : List.of("127.0.0.1", "::1", "", "unknown", "example.org")) {
            String banned = "x" + local;
            join(banned, Moderators.anonymousFrom(local));
            assertNull(eva.moderate(new Banish(name(banned), HOUR, "")));
            assertEquals(List.of(), join("y" + local, Moderators.anonymousFrom(local)).errors);
            assertEquals(List.of(Code.BANNED), join(banned, Moderators.anonymousFrom(local)).codes);
        }
    }

    @Test
    void aBanIsListedAndCanBeLifted() {
        join("bob", BOB);
        eva.moderate(new Banish(name("bob"), HOUR, ""));
        String id = ((ModerationResult.Banned) eva.results.get(eva.results.size() - 1)).id();

        assertEquals(List.of(new RoomReport.BanReport(id, "bob", "bob", TestAccess.START.plus(HOUR))), report().bans());
        eva.moderate(new Unban(id));
        assertEquals(List.of(), report().bans());
        assertEquals(List.of(), join("bob", BOB).errors);
    }

    @Test
    void bansOutliveTheRoomAndNothingElseDoes() {
        join("bob", BOB);
        eva.moderate(new Banish(name("bob"), HOUR, ""));
        eva.moderate(new Lock(true));
        eva.moderate(new Lobby(true));
        eva.leave();
        assertEquals(0, noir.rooms.rooms());

        assertEquals(List.of(), join("x", STRANGER).errors);
        assertEquals(List.of(Code.BANNED), join("bob", BOB).codes);
    }

    @Test
    void aSquelchedPeersTracksReachNobodyToComeOnesToo() {
        FakeClient bob = join("bob", BOB, "audio", "video");
        FakeTransport sending = noir.last(TransportRole.PUBLISHER);
        eva.moderate(new Squelch(true, name("bob"), Optional.of(Medium.AUDIO), Optional.empty()));
        assertEquals(List.of(true, false), Moderators.squelched(sending));
        assertEquals(List.of(new SquelchChanged(true, Set.of(Medium.AUDIO), Set.of())), bob.told);

        bob.offer(TestSdp.offer("abcd", "stream-bob", "audio", "video", "audio"));
        assertEquals(List.of(true, false, true), Moderators.squelched(sending));
        eva.answerLast();
        assertEquals(3, TestSdp.values(eva.lastOffer(), "sendonly").size());
        FakeClient again = join("bob", BOB, "audio");
        assertEquals(List.of(true), Moderators.squelched(noir.last(TransportRole.PUBLISHER)));

        eva.moderate(squelch("bob", false));
        assertEquals(List.of(false), Moderators.squelched(noir.last(TransportRole.PUBLISHER)));
        assertEquals(
                new SquelchChanged(false, Set.of(Medium.AUDIO), Set.of()),
                Moderators.lastTold(again, SquelchChanged.class));
    }

    @Test
    void oneStreamIsSquelched() {
        FakeClient bob = join("bob", BOB, "audio");
        eva.moderate(new Squelch(true, name("bob"), Optional.empty(), Optional.of("stream-bob")));
        assertEquals(List.of(true), Moderators.squelched(noir.last(TransportRole.PUBLISHER)));
        assertEquals(List.of(new SquelchChanged(true, Set.of(), Set.of("stream-bob"))), bob.told);
        bob.offer(TestSdp.offer("abcd", "other", "audio"));
        assertEquals(List.of(false), Moderators.squelched(noir.last(TransportRole.PUBLISHER)));

        eva.moderate(new Squelch(false, name("bob"), Optional.empty(), Optional.of("stream-bob")));
        bob.offer(TestSdp.offer("abcd", "stream-bob", "audio"));
        assertEquals(List.of(false), Moderators.squelched(noir.last(TransportRole.PUBLISHER)));
    }

    @Test
    void allButOneAreSquelchedNewcomersToo() {
        join("bob", BOB, "audio", "video");
        FakeTransport bobSends = noir.last(TransportRole.PUBLISHER);
        join("x", STRANGER, "audio");
        FakeTransport strangerSends = noir.last(TransportRole.PUBLISHER);
        eva.moderate(new SquelchOthers(true, name("bob"), Optional.of(Medium.AUDIO)));
        assertEquals(List.of(false, false), Moderators.squelched(bobSends));
        assertEquals(List.of(true), Moderators.squelched(strangerSends));
        FakeClient newcomer = join("y", STRANGER, "audio", "video");
        FakeTransport newcomerSends = noir.last(TransportRole.PUBLISHER);
        assertEquals(List.of(true, false), Moderators.squelched(newcomerSends));
        assertEquals(List.of(new SquelchChanged(true, Set.of(Medium.AUDIO), Set.of())), newcomer.told);

        // One of them may speak after all, and is stopped again.
        eva.moderate(squelch("y", false));
        assertEquals(List.of(false, false), Moderators.squelched(newcomerSends));
        eva.moderate(squelch("y", true));
        assertEquals(List.of(true, true), Moderators.squelched(newcomerSends));

        eva.moderate(new SquelchOthers(false, name("bob"), Optional.of(Medium.AUDIO)));
        assertEquals(List.of(false), Moderators.squelched(strangerSends));
        assertEquals(List.of(true, true), Moderators.squelched(newcomerSends));
    }

    @Test
    void theReportSaysWhoIsThereAndWhatIsInForce() {
        join("bob", BOB, "audio", "video");
        eva.moderate(new Squelch(true, name("bob"), Optional.of(Medium.VIDEO), Optional.empty()));
        eva.moderate(new Lock(true));

        assertEquals(
                new RoomReport(
                        true,
                        false,
                        List.of(
                                new PeerReport(name("eva"), "eva", false, MODERATES, Set.of(), List.of()),
                                new PeerReport(
                                        name("bob"),
                                        "bob",
                                        false,
                                        Grants.MEMBER,
                                        Set.of(Medium.VIDEO),
                                        List.of(
                                                new StreamReport("stream-bob", Medium.AUDIO, false, false),
                                                new StreamReport("stream-bob", Medium.VIDEO, false, true)))),
                        List.of()),
                report());
    }

    @Test
    void whatCannotBeKeptIsNotPutIntoForceAndKickingNeedsNoKeeping() {
        FakeClient bob = join("bob", BOB, "audio");
        FakeTransport sending = noir.last(TransportRole.PUBLISHER);
        noir.directory.away = true;
        for (ModerationCommand command : List.of(
                new Lock(true),
                new Lobby(true),
                squelch("bob", true),
                new SetGrants(name("bob"), Grants.NONE),
                new Banish(name("bob"), HOUR, ""))) {
            assertEquals(Code.UNAVAILABLE, eva.moderate(command), command::toString);
        }
        assertEquals(List.of(false), Moderators.squelched(sending));
        assertEquals(List.of(), bob.told);
        assertNull(bob.closed);
        assertEquals(List.of(), join("x", STRANGER).errors);
        assertNull(eva.moderate(new Kick(name("bob"), "")));
        assertNotNull(bob.closed);

        eva.answerLast();
        eva.answerLast();

        // What was asked may have been written after all; what holds is written over it.
        noir.directory.away = false;
        int saves = noir.directory.saves;
        noir.scheduler.advance(Moderation.REFRESH);
        assertEquals(saves + 1, noir.directory.saves);
        assertEquals(RoomState.NONE, noir.directory.state(Moderators.ROOM));
    }

    @Test
    void anOldHostCannotWriteWhatTheNewOneReads() {
        eva.moderate(new Lock(true));
        RoomFixture next = noir.afterItsDeath();
        FakeClient again = next.client().resume(Moderators.resumeRequest("eva", EVA));

        assertEquals(Code.UNAVAILABLE, eva.moderate(new Lock(false)));
        assertTrue(next.directory.state(Moderators.ROOM).locked());
        assertNull(again.moderate(new Lock(false)));
    }

    @Test
    void whatIsLaidDownIsKeptInForceWhileTheRoomIsOpen() {
        eva.moderate(new Lock(true));
        noir.scheduler.advance(RoomDirectory.STATE_TTL.multipliedBy(2));

        assertTrue(noir.directory.state(Moderators.ROOM).locked());
    }

    @Test
    void anotherPartOfTheServerMayDoEverything() {
        FakeClient ada = join("ada", ADA);
        FakeClient outcome = noir.client();
        noir.rooms.moderate(Moderators.ROOM, BOB, new Kick(name("ada"), ""), outcome.reply);

        assertNotNull(ada.closed);
        assertEquals(List.of(new ModerationResult.Done()), outcome.results);
    }
}
