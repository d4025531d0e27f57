package dev.noir.room;

import static dev.noir.room.Moderators.EVA;
import static dev.noir.room.Moderators.name;
import static dev.noir.room.Moderators.request;
import static dev.noir.room.Moderators.resumeRequest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.access.Grants;
import dev.noir.access.Password;
import dev.noir.room.FakeMediaPlane.FakeChannel;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import dev.noir.room.ModerationCommand.Admit;
import dev.noir.room.ModerationCommand.Lobby;
import dev.noir.room.ModerationCommand.Lock;
import dev.noir.room.ModerationCommand.Peers;
import dev.noir.room.Notification.GrantsChanged;
import dev.noir.room.Notification.RoomChanged;
import dev.noir.room.Notification.Waiting;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who waits is there, and nothing of him is; and there is no way round. */
final class LobbyTest {
    private static final Caller STRANGER = Moderators.anonymousFrom("198.51.100.3");

    private final RoomFixture noir = new RoomFixture(RoomOptions.DEFAULT);
    private final FakeClient moderator;
    private final FakeTransport hears;

    LobbyTest() {
        moderator = settled(request("eva", EVA, "audio"));
        hears = noir.last(TransportRole.SUBSCRIBER);
        assertNull(moderator.moderate(new Lobby(true)));
    }

    private FakeClient settled(JoinRequest request) {
        FakeClient client = noir.client().join(request);
        client.answerLast();
        noir.last(TransportRole.PUBLISHER).tell(TransportState.CONNECTED, MediaEnd.NONE);
        noir.last(TransportRole.SUBSCRIBER).tell(TransportState.CONNECTED, MediaEnd.NONE);
        return client;
    }

    private static List<String> media(FakeClient client) {
        return TestSdp.values(client.lastOffer(), "m").stream()
                .filter(section -> !section.startsWith("application"))
                .toList();
    }

    @Test
    void whoComesWaitsAndModeratorsAreTold() {
        FakeClient client = settled(request("x", STRANGER, "audio", "video"));

        assertEquals(List.of(new GrantsChanged(Grants.MEMBER, true)), client.told);
        assertEquals(
                new RoomChanged(false, true, List.of(new Waiting(name("x"), ""))),
                Moderators.lastTold(moderator, RoomChanged.class));
        assertEquals(2, TestSdp.values(client.lastAnswer(), "recvonly").size());
        assertEquals(List.of(true, true), Moderators.squelched(noir.last(TransportRole.PUBLISHER)));
        assertEquals(List.of(), media(client));
        assertEquals(List.of(), media(moderator));
        assertEquals(1, noir.rooms.counts().get(0).publishers());
    }

    @Test
    void moderatorsDoNotWait() {
        FakeClient other = settled(request("eve", Moderators.named("eve", "noir-moderator")));

        assertEquals(1, media(other).size());
    }

    @Test
    void whoHasBeenAdmittedTakesPart() {
        FakeClient client = settled(request("x", STRANGER, "audio", "video"));
        FakeTransport sending = noir.last(TransportRole.PUBLISHER);
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        sending.tellOpened(new FakeChannel("chat"));
        assertNull(moderator.moderate(new Admit(name("x"))));
        client.answerLast();
        moderator.answerLast();

        assertEquals(new GrantsChanged(Grants.MEMBER, false), Moderators.lastTold(client, GrantsChanged.class));
        assertEquals(List.of(false, false), Moderators.squelched(sending));
        assertEquals(1, receiving.openDownTracks().size());
        assertEquals(2, hears.openDownTracks().size());
        assertEquals("chat", hears.channel("chat").label());
        assertEquals(new RoomChanged(false, true, List.of()), Moderators.lastTold(moderator, RoomChanged.class));
    }

    /** As one does who has not waited. */
    @Test
    void aViewerWhoHasBeenAdmittedSeesWhoSendsMost() {
        settled(request("eve", Moderators.named("eve", "noir-moderator"), "audio", "video"));
        JoinRequest watches = new JoinRequest(
                Moderators.ROOM,
                name("v"),
                TestSdp.viewer("view"),
                JoinConfig.egress(""),
                STRANGER,
                Password.NONE,
                Set.of());
        assertEquals(List.of(), noir.client().join(watches).codes);
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        assertEquals(List.of(), receiving.openDownTracks());
        assertNull(moderator.moderate(new Admit(name("v"))));

        assertEquals(
                List.of("stream-eve", "stream-eve"),
                receiving.openDownTracks().stream()
                        .map(down -> down.track.published.streamId())
                        .toList());
    }

    @Test
    void theEndOfTheLobbyAdmitsNobody() {
        FakeClient client = settled(request("x", STRANGER));
        moderator.moderate(new Lobby(false));

        assertTrue(Moderators.lastTold(client, GrantsChanged.class).waiting());
        assertEquals(1, media(settled(request("y", STRANGER))).size());
    }

    @Test
    void nothingThatAWaitingPeerSendsReachesAnybody() {
        FakeClient client = settled(request("x", STRANGER, "video"));
        FakeTransport sending = noir.last(TransportRole.PUBLISHER);
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        FakeChannel own = new FakeChannel("chat");
        sending.tellOpened(own);
        sending.tellMessage(own, "hello");
        receiving.tellMessage(receiving.channel("ion-sfu"), "stream-x low");
        receiving.tellMessage(receiving.channel("ion-sfu"), "stream-eva none low false");
        client.offer(TestSdp.offer("abcd", "stream-x", "video", "audio"));

        assertEquals(1, hears.channels.size());
        assertTrue(hears.channel("ion-sfu").sent.isEmpty());
        assertEquals(List.of(true, true), Moderators.squelched(sending));
        assertEquals(List.of(), media(moderator));
        noir.last(TransportRole.SUBSCRIBER);
        assertEquals(
                List.of("ion-sfu"),
                receiving.channels.stream().map(FakeChannel::label).toList());
    }

    @Test
    void aWaitingPeerHearsNoMessages() {
        settled(request("x", STRANGER));
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        FakeChannel chat = new FakeChannel("chat");
        FakeTransport speaks = noir.media.onlyRoom().transports.get(0);
        speaks.tellOpened(chat);
        speaks.tellMessage(chat, "secret");

        assertEquals(1, receiving.channels.size());
    }

    @Test
    void aWaitingPeerCanModerateNothing() {
        FakeClient client = settled(request("x", STRANGER));

        assertEquals(RoomException.Code.FORBIDDEN, client.moderate(new Admit(name("x"))));
        assertEquals(RoomException.Code.FORBIDDEN, client.moderate(new Peers()));
    }

    @Test
    void anothersNameIsNoWayRound() {
        moderator.moderate(new Lobby(false));
        FakeClient admitted = settled(request("m", STRANGER));
        moderator.moderate(new Lobby(true));
        FakeClient thief = noir.client().join(request("m", Moderators.anonymousFrom("203.0.113.9")));
        FakeClient moderatorsThief = noir.client().join(request("eva", STRANGER));

        assertEquals(List.of(RoomException.Code.FORBIDDEN), thief.codes);
        assertEquals(List.of(RoomException.Code.FORBIDDEN), moderatorsThief.codes);
        assertNull(admitted.closed);
        assertNull(moderator.closed);
    }

    @Test
    void aSecondJoinUnderTheOwnNameWaitsAgain() {
        settled(request("x", STRANGER));
        FakeClient again = settled(request("x", STRANGER));

        assertTrue(Moderators.lastTold(again, GrantsChanged.class).waiting());
    }

    @Test
    void thePrincipalThatWasLetInComesBackInAndOneThatWaitsDoesNot() {
        Caller bob = Moderators.named("bob");
        settled(request("b", bob));
        FakeClient still = settled(request("b", bob));
        assertTrue(Moderators.lastTold(still, GrantsChanged.class).waiting());
        moderator.moderate(new Admit(name("b")));
        moderator.moderate(new Lock(true));
        FakeClient back = settled(request("b", bob));

        assertEquals(List.of(), back.codes);
        assertEquals(List.of(), back.told);
    }

    @Test
    void whoLeavesTheLobbyIsMissedByModerators() {
        FakeClient client = settled(request("x", STRANGER));
        client.leave();

        assertEquals(new RoomChanged(false, true, List.of()), Moderators.lastTold(moderator, RoomChanged.class));
    }

    /** A take-over is a moment in which nobody is in the room: whoever is there first must not undo what holds for others. */
    @Test
    void neitherARefusedJoinNorAQuickReturnOpensTheRoomForOthers() {
        settled(request("m", Moderators.named("m", "noir-moderator")));
        settled(request("x", STRANGER, "audio"));
        moderator.moderate(new Lock(true));
        RoomFixture next = noir.afterItsDeath();
        assertEquals(List.of(RoomException.Code.LOCKED), next.client().join(request("y", STRANGER)).codes);
        assertEquals(0, next.rooms.rooms());
        next.client()
                .resume(resumeRequest("m", Moderators.named("m", "noir-moderator")))
                .leave();
        assertEquals(0, next.rooms.rooms());

        assertEquals(List.of(RoomException.Code.LOCKED), next.client().join(request("y", STRANGER)).codes);
        FakeClient client = next.client().resume(resumeRequest("x", STRANGER));
        assertTrue(Moderators.lastTold(client, GrantsChanged.class).waiting());
    }

    /** The signalling node brings him back to the next host, which knows from the directory that he was waiting. */
    @Test
    void theDeathOfTheHostLetsNobodyIn() {
        settled(request("x", STRANGER, "audio"));
        RoomFixture next = noir.afterItsDeath();
        FakeClient moderatorAgain = next.client().resume(resumeRequest("eva", EVA));
        FakeClient client = next.client().resume(resumeRequest("x", STRANGER));
        client.offer(TestSdp.offer("wxyz", "stream-x", "audio"));

        assertTrue(Moderators.lastTold(client, GrantsChanged.class).waiting());
        assertEquals(List.of(true), Moderators.squelched(next.last(TransportRole.PUBLISHER)));
        assertEquals(
                new RoomChanged(false, true, List.of(new Waiting(name("x"), ""))),
                Moderators.lastTold(moderatorAgain, RoomChanged.class));
        FakeClient newcomer = next.client().join(request("y", STRANGER));
        assertTrue(Moderators.lastTold(newcomer, GrantsChanged.class).waiting());
    }
}
