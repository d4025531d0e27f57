package dev.noir.room;

import static dev.noir.room.Moderators.BOB;
import static dev.noir.room.Moderators.EVA;
import static dev.noir.room.Moderators.ROOM;
import static dev.noir.room.Moderators.name;
import static dev.noir.room.Moderators.request;
import static dev.noir.room.Moderators.resumeRequest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.access.Password;
import dev.noir.room.FakeMediaPlane.FakeChannel;
import dev.noir.room.FakeMediaPlane.FakeTrack;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import dev.noir.room.ModerationCommand.Admit;
import dev.noir.room.ModerationCommand.Kick;
import dev.noir.room.ModerationCommand.Lobby;
import dev.noir.room.ModerationCommand.Lock;
import dev.noir.room.ModerationCommand.Move;
import dev.noir.room.ModerationCommand.Peers;
import dev.noir.room.ModerationCommand.RecordRoom;
import dev.noir.room.ModerationCommand.SetGrants;
import dev.noir.room.ModerationCommand.Squelch;
import dev.noir.room.ModerationCommand.SquelchOthers;
import dev.noir.room.Notification.GrantsChanged;
import dev.noir.room.Notification.TracksChanged;
import dev.noir.room.RoomException.Code;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is played to those who wait: they hear it and nothing else, and nobody else hears it (docs/adr/0040). */
final class AttendantTest {
    private static final Caller STRANGER = Moderators.anonymousFrom("198.51.100.3");
    private static final Caller OTHER = Moderators.anonymousFrom("203.0.113.9");

    private RoomFixture noir = new RoomFixture(RoomOptions.DEFAULT);

    /** A client with its two connections. */
    private final class Present {
        final FakeClient client;
        final FakeTransport sending;
        final FakeTransport receiving;

        Present(JoinRequest request) {
            client = noir.client().join(request);
            client.answerLast();
            sending = noir.last(TransportRole.PUBLISHER);
            receiving = noir.last(TransportRole.SUBSCRIBER);
            sending.tell(TransportState.CONNECTED, MediaEnd.NONE);
            receiving.tell(TransportState.CONNECTED, MediaEnd.NONE);
        }

        /** Streams that it gets, as the media plane has it. */
        List<String> gets() {
            return streams(receiving);
        }
    }

    private static List<String> streams(FakeTransport receiving) {
        return receiving.openDownTracks().stream()
                .map(down -> down.track.published.streamId())
                .toList();
    }

    private static Caller attendant(String principal) {
        return new Caller(principal, Set.of(), Caller.Means.ATTENDANT, "127.0.0.1");
    }

    private Present moderator() {
        Present eva = new Present(request("eva", EVA, "audio"));
        assertNull(eva.client.moderate(new Lobby(true)));
        return eva;
    }

    private Present announcer() {
        return new Present(request("bot", attendant("bot"), "audio"));
    }

    private Present waiting(String name, String... sections) {
        return new Present(request(name, STRANGER, sections));
    }

    @Test
    void whoWaitsHearsItWhetherItWasThereBeforeOrComesLater() {
        moderator();
        Present early = waiting("x", "audio");
        Present bot = announcer();
        early.client.answerLast();
        Present late = waiting("y");

        assertEquals(List.of("stream-bot"), early.gets());
        assertEquals(List.of("stream-bot"), late.gets());
        assertEquals(List.of(false), Moderators.squelched(bot.sending));
    }

    @Test
    void theMeetingHearsNothingOfItAndItHearsNobody() {
        Present eva = moderator();
        Present bot = announcer();
        waiting("x", "audio", "video");
        Present bob = new Present(request("eve", Moderators.named("eve", "noir-moderator"), "audio"));

        assertEquals(List.of(), eva.gets());
        assertEquals(List.of("stream-eva"), bob.gets());
        assertEquals(List.of(), bot.gets());
        assertFalse(noir.rooms.mayWatch(ROOM, attendant("bot")), "nor by HLS");
        assertTrue(noir.rooms.mayWatch(ROOM, BOB));
        assertEquals(1, bot.client.offers.size());
        assertEquals(2, eva.client.offers.size());
    }

    /** In one offer, which has no more of the one and all of the others. */
    @Test
    void whoIsLetInGetsTheMeetingInstead() {
        Present eva = moderator();
        announcer();
        Present client = waiting("x", "audio");
        int before = client.client.offers.size();
        assertNull(eva.client.moderate(new Admit(name("x"))));
        assertEquals(before + 1, client.client.offers.size());
        assertEquals(List.of(), client.gets(), "it is silent at once, whatever the client answers");
        client.client.answerLast();

        assertEquals(List.of("stream-eva"), client.gets());
        assertEquals(before + 1, client.client.offers.size());
    }

    @Test
    void whoMayNotReceiveInTheRoomHearsNothingInItsLobby() {
        Present eva = moderator();
        announcer();
        Present client = waiting("x");
        assertEquals(List.of("stream-bot"), client.gets());
        Grants sends = Grants.MEMBER.without(Grant.SUBSCRIBE);
        assertNull(eva.client.moderate(new SetGrants(name("x"), sends)));
        assertEquals(List.of(), client.gets());
        client.client.answerLast();
        assertNull(eva.client.moderate(new SetGrants(name("x"), Grants.MEMBER)));
        client.client.answerLast();
        assertEquals(List.of("stream-bot"), client.gets());
    }

    @Test
    void whoWantsToKnowIsToldWhatIsThereForHim() {
        Present eva = moderator();
        announcer();
        JoinRequest asks = new JoinRequest(
                ROOM,
                name("x"),
                TestSdp.offer("abcd", "stream-x"),
                new JoinConfig(false, false, true).withTrackEvents(),
                STRANGER,
                Password.NONE,
                Set.of());
        Present client = new Present(asks);
        assertNull(eva.client.moderate(new Admit(name("x"))));

        List<String> told = Moderators.told(client.client, TracksChanged.class).stream()
                .map(news -> (news.added() ? "+" : "-") + news.uid())
                .toList();
        assertEquals(List.of("+bot", "-bot", "+eva"), told);
        assertEquals(List.of(), client.gets());
    }

    /** Its sound is not even listened to, so it is nobody who speaks, and displaces none of the loudest. */
    @Test
    void itIsNobodyInTheMeeting() {
        noir = new RoomFixture(RoomOptions.DEFAULT.withMaxPeers(2).asChannel());
        List<String> heard = new ArrayList<>();
        Present eva = moderator();
        noir.rooms.watch(ROOM, new TrackWatch() {
            @Override
            public void onTrack(WatchedTrack track) {
                heard.add(track.what().stream());
            }

            @Override
            public void onTrackGone(WatchedTrack track) {}

            @Override
            public void onEnded() {}

            @Override
            public void onMoved() {}
        });
        assertNull(eva.client.moderate(new RecordRoom(true)));
        Present bot = announcer();
        Present client = waiting("x");

        assertEquals(List.of(), client.client.codes);
        assertEquals(new RoomCounts(ROOM, 2, 1, 2), noir.rooms.counts().get(0));
        assertEquals(List.of("eva stream-eva audio"), noir.recorder.last().tracks);
        assertEquals(List.of("stream-eva"), heard);
        FakeTrack sound = bot.sending.openTracks().get(0);
        assertEquals(0, sound.stream);
        assertEquals(
                List.of(Code.ROOM_FULL),
                noir.client().join(request("y", OTHER)).codes,
                "and it makes no place for others either");
        assertEquals(1, noir.rooms.descriptions().get(0).inLobby());
    }

    @Test
    void messagesReachItNeitherWay() {
        Present eva = moderator();
        FakeChannel chat = new FakeChannel("chat");
        eva.sending.tellOpened(chat);
        Present bot = announcer();
        eva.sending.tellMessage(chat, "secret");
        FakeChannel own = new FakeChannel("own");
        bot.sending.tellOpened(own);
        bot.sending.tellMessage(own, "hello");

        assertEquals(List.of("ion-sfu"), labels(bot));
        assertEquals(List.of("ion-sfu"), labels(eva));
    }

    private static List<String> labels(Present peer) {
        return peer.receiving.channels.stream().map(FakeChannel::label).toList();
    }

    @Test
    void itOpensNoRoomAndKeepsNoneOpen() {
        assertEquals(List.of(Code.UNAVAILABLE), noir.client().join(request("bot", attendant("bot"), "audio")).codes);
        assertEquals(0, noir.rooms.rooms());
        Present eva = moderator();
        Present bot = announcer();
        eva.client.leave();

        assertEquals(CloseCause.ROOM_ENDED, bot.client.closed);
        assertEquals(0, noir.rooms.rooms());
        assertEquals(0, noir.media.openObjects());
    }

    @Test
    void noDoorIsClosedForItAndNothingIsLaidDownForIt() {
        Present eva = moderator();
        assertNull(eva.client.moderate(new Lock(true)));
        assertNull(eva.client.moderate(new SquelchOthers(true, name("eva"), Optional.empty())));
        Present bot = announcer();
        assertEquals(List.of(false), Moderators.squelched(bot.sending));
        assertEquals(Code.INVALID, eva.client.moderate(new SetGrants(name("bot"), Grants.MEMBER.with(Grant.MODERATE))));
        assertEquals(Code.INVALID, eva.client.moderate(new Move(name("bot"), new RoomId("other"))));
        assertEquals(Code.FORBIDDEN, bot.client.moderate(new Peers()));
        assertNull(eva.client.moderate(new Peers()));
        RoomReport report = (RoomReport) eva.client.results.get(eva.client.results.size() - 1);
        assertEquals(
                List.of("eva false", "bot true"),
                report.peers().stream()
                        .map(peer -> peer.name() + " " + peer.attends())
                        .toList(),
                "nobody is hidden from who answers for the room");
        assertNull(eva.client.moderate(new Squelch(true, name("bot"), Optional.of(Medium.AUDIO), Optional.empty())));
        assertEquals(List.of(true), Moderators.squelched(bot.sending), "by its name it can be silenced");
        assertNull(eva.client.moderate(new Kick(name("bot"), "")));
        assertEquals(4007, bot.client.closed.code());
    }

    /** Grants that somebody of its principal's name has been given are his. */
    @Test
    void itInheritsNothing() {
        Present eva = moderator();
        Present bob = new Present(request("b", BOB));
        assertNull(eva.client.moderate(new Admit(name("b"))));
        assertNull(eva.client.moderate(new SetGrants(name("b"), Grants.MEMBER.with(Grant.MODERATE))));
        Present bot = new Present(request("bot", attendant("bob"), "audio"));

        assertEquals(Code.FORBIDDEN, bot.client.moderate(new Peers()));
        assertEquals(List.of(), bot.gets());
        assertNull(bob.client.moderate(new Peers()));
    }

    /** Its name opens the door for nobody, not even for the principal of that name; and it takes nobody's. */
    @Test
    void itsNameIsTaken() {
        Present eva = moderator();
        Present bot = new Present(request("bob", attendant("bob"), "audio"));
        assertNull(eva.client.moderate(new Lock(true)));
        assertEquals(List.of(Code.LOCKED), noir.client().join(request("bob", BOB)).codes);
        assertNull(eva.client.moderate(new Lock(false)));
        assertEquals(List.of(Code.FORBIDDEN), noir.client().join(request("bob", BOB)).codes);
        assertEquals(List.of(Code.FORBIDDEN), noir.client().join(request("bob", STRANGER)).codes);
        assertNull(bot.client.closed);
        assertEquals(List.of(Code.FORBIDDEN), noir.client().join(request("eva", attendant("eva"))).codes);
        assertNull(eva.client.closed);

        Present again = new Present(request("bob", attendant("bob"), "audio"));
        assertEquals(List.of(), again.client.codes, "but its own it takes again");
        assertEquals(4000, bot.client.closed.code());
    }

    /** Roles of that name, and whatever else a login or a token of others may bring, are nothing in particular. */
    @Test
    void nobodyElseBecomesOne() {
        moderator();
        for (Caller.Means means : List.of(Caller.Means.NONE, Caller.Means.CONTAINER, Caller.Means.TOKEN)) {
            Caller wants = new Caller(means.name(), Set.of("attendant", "attend", "lobby"), means, "192.0.2.8");
            Present visitor = new Present(request("v-" + means, wants, "audio"));
            assertTrue(Moderators.lastTold(visitor.client, GrantsChanged.class).waiting());
            assertEquals(List.of(true), Moderators.squelched(visitor.sending));
        }
        Present client = waiting("x");
        assertEquals(List.of(), client.gets());
    }

    @Test
    void afterTheDeathOfTheHostItIsAsBefore() {
        moderator();
        announcer();
        waiting("x", "audio");
        noir = noir.afterItsDeath();
        FakeClient bot = noir.client().resume(resumeRequest("bot", attendant("bot")));
        FakeTransport botHears = noir.last(TransportRole.SUBSCRIBER);
        FakeClient client = noir.client().resume(resumeRequest("x", STRANGER));
        FakeTransport hears = noir.last(TransportRole.SUBSCRIBER);
        client.answerLast();
        FakeClient eva = noir.client().resume(resumeRequest("eva", EVA));
        FakeTransport evaHears = noir.last(TransportRole.SUBSCRIBER);
        eva.answerLast();
        eva.offer(TestSdp.offer("wxyz", "stream-eva", "audio"));
        bot.answerLast();
        bot.offer(TestSdp.offer("wxyz", "stream-bot", "audio"));
        client.answerLast();

        assertEquals(List.of("stream-bot"), streams(hears));
        assertEquals(List.of(), streams(botHears));
        assertEquals(List.of(), streams(evaHears));
        assertEquals(2, noir.rooms.counts().get(0).peers());
        assertNull(eva.moderate(new Admit(name("x"))));
        client.answerLast();
        assertEquals(List.of("stream-eva"), streams(hears));
        client.leave();
        eva.leave();
        assertEquals(CloseCause.ROOM_ENDED, bot.closed);
        assertEquals(0, noir.rooms.rooms());
    }

    /** Somebody has taken its name meanwhile. */
    @Test
    void itThrowsNobodyOutWhenItComesBack() {
        moderator();
        announcer();
        noir = noir.afterItsDeath();
        noir.client().resume(resumeRequest("eva", EVA));
        FakeClient other = noir.client().join(request("bot", OTHER));
        FakeClient bot = noir.client().resume(resumeRequest("bot", attendant("bot")));

        assertEquals(List.of(Code.ALREADY_JOINED), bot.codes);
        assertNull(other.closed);
    }

    @Test
    void aViewerWhoWaitsHearsItWhoeverItIsThatHeHasNamed() {
        Present eva = moderator();
        announcer();
        for (String named : List.of("", "eva")) {
            JoinRequest watches = new JoinRequest(
                    ROOM,
                    name("v" + named),
                    TestSdp.viewer("view"),
                    JoinConfig.egress(named),
                    STRANGER,
                    Password.NONE,
                    Set.of());
            assertEquals(List.of(), noir.client().join(watches).codes);
            FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
            assertEquals(List.of("stream-bot"), streams(receiving));
            assertNull(eva.client.moderate(new Admit(name("v" + named))));
            assertEquals(List.of("stream-eva"), streams(receiving));
        }
    }
}
