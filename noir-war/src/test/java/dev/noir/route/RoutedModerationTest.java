package dev.noir.route;

import static dev.noir.room.Moderators.BOB;
import static dev.noir.room.Moderators.EVA;
import static dev.noir.room.Moderators.lastTold;
import static dev.noir.room.Moderators.name;
import static dev.noir.room.Moderators.request;
import static dev.noir.room.Moderators.squelched;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.access.Entrance;
import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.access.OpenEntrance;
import dev.noir.access.Pass;
import dev.noir.access.Password;
import dev.noir.access.Passwords;
import dev.noir.access.RoomFacts;
import dev.noir.bus.Envelope;
import dev.noir.room.CloseCause;
import dev.noir.room.FakeClient;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import dev.noir.room.JoinRequest;
import dev.noir.room.Medium;
import dev.noir.room.ModerationCommand;
import dev.noir.room.ModerationCommand.Banish;
import dev.noir.room.ModerationCommand.Kick;
import dev.noir.room.ModerationCommand.Lobby;
import dev.noir.room.ModerationCommand.Lock;
import dev.noir.room.ModerationCommand.Peers;
import dev.noir.room.ModerationCommand.SetGrants;
import dev.noir.room.ModerationCommand.Squelch;
import dev.noir.room.Moderators;
import dev.noir.room.Notification.GrantsChanged;
import dev.noir.room.Notification.RoomChanged;
import dev.noir.room.Notification.SquelchChanged;
import dev.noir.room.RoomException;
import dev.noir.room.RoomException.Code;
import dev.noir.room.RoomId;
import dev.noir.room.RoomReport;
import dev.noir.room.TestSdp;
import dev.noir.room.TransportRole;
import dev.noir.route.ClusterFixture.Node;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Who moderates, whom, and where the room is: three nodes at most, and no difference. */
final class RoutedModerationTest {
    private static final Grants MODERATES = Grants.MEMBER.with(Grant.MODERATE);

    private final ClusterFixture cluster = new ClusterFixture();
    private final Node one = cluster.node("one");
    private final Node two = cluster.node("two");

    private FakeClient join(Node at, String name, Caller caller, String... sections) {
        FakeClient client = at.client().join(request(name, caller, sections));
        if (client.errors.isEmpty()) {
            client.answerLast();
            cluster.host().connectAll();
        }
        return client;
    }

    private static Squelch squelch(String peer) {
        return new Squelch(true, name(peer), Optional.of(Medium.AUDIO), Optional.empty());
    }

    private FakeTransport sending(int index) {
        return cluster.host().transports(TransportRole.PUBLISHER).get(index);
    }

    @Test
    void aModeratorAtTheHostSquelchesAPeerOfAnotherNode() {
        one.directory.claim(ClusterFixture.ROOM);
        FakeClient eva = join(one, "eva", EVA);
        FakeClient bob = join(two, "bob", BOB, "audio", "video");
        assertNull(eva.moderate(squelch("bob")));

        assertEquals(List.of(true, false), squelched(sending(1)));
        assertEquals(List.of(new SquelchChanged(true, Set.of(Medium.AUDIO), Set.of())), bob.told);
    }

    @Test
    void aModeratorOfAnotherNodeSquelchesAPeerAtTheHost() {
        two.directory.claim(ClusterFixture.ROOM);
        FakeClient bob = join(two, "bob", BOB, "audio", "video");
        FakeClient eva = join(one, "eva", EVA);
        assertNull(eva.moderate(squelch("bob")));

        assertEquals(List.of(true, false), squelched(sending(0)));
        assertEquals(List.of(new SquelchChanged(true, Set.of(Medium.AUDIO), Set.of())), bob.told);
        assertEquals(new GrantsChanged(MODERATES, false), lastTold(eva, GrantsChanged.class));
        assertEquals(new RoomChanged(false, false, List.of()), lastTold(eva, RoomChanged.class));
        assertNull(eva.moderate(new Peers()));
        RoomReport report = assertInstanceOf(RoomReport.class, eva.results.get(1));
        assertEquals(
                List.of(name("bob"), name("eva")),
                report.peers().stream().map(RoomReport.PeerReport::name).toList());
    }

    @Test
    void refusalsTravelToo() {
        two.directory.claim(ClusterFixture.ROOM);
        join(two, "bob", BOB);
        FakeClient eva = join(one, "eva", EVA);
        FakeClient stranger = join(one, "x", Caller.ANONYMOUS);

        assertEquals(Code.FORBIDDEN, stranger.moderate(squelch("bob")));
        assertEquals(Code.NO_SUCH_PEER, eva.moderate(squelch("nobody")));
        assertEquals(List.of(Code.FORBIDDEN), join(one, "bob", Caller.ANONYMOUS).codes);
        assertNull(eva.moderate(new Lock(true)));
        assertEquals(List.of(Code.LOCKED), join(one, "late", Caller.ANONYMOUS).codes);
        assertNull(eva.moderate(new Kick(name("x"), "bye")));
        assertEquals(new CloseCause(4007, "removed by a moderator: bye"), stranger.closed);
    }

    @Test
    void whatWasLaidDownOutlivesTheHost() {
        Node three = cluster.node("three");
        three.directory.claim(ClusterFixture.ROOM);
        FakeClient eva = join(one, "eva", EVA);
        FakeClient bob = join(two, "bob", BOB, "audio");
        FakeClient x = join(two, "x", Caller.ANONYMOUS);
        join(one, "y", Moderators.named("yak"));
        assertNull(eva.moderate(new SetGrants(name("x"), MODERATES)));
        assertNull(eva.moderate(new SetGrants(name("bob"), Grants.MEMBER.without(Grant.PUBLISH_VIDEO))));
        assertNull(eva.moderate(squelch("bob")));
        assertNull(eva.moderate(new Banish(name("y"), Duration.ofHours(1), "")));
        assertNull(eva.moderate(new Lobby(true)));
        FakeClient waiting = join(two, "w", Caller.ANONYMOUS, "audio");
        assertNull(eva.moderate(new Lock(true)));
        bob.told.clear();
        waiting.told.clear();
        three.dies();
        three.isFoundDead();

        assertNull(bob.closed);
        assertEquals(
                new GrantsChanged(Grants.MEMBER.without(Grant.PUBLISH_VIDEO), false),
                lastTold(bob, GrantsChanged.class));
        bob.offer(TestSdp.offer("wxyz", "stream-bob", "audio", "video"));
        assertEquals(1, TestSdp.values(bob.lastAnswer(), "inactive").size());
        FakeTransport bobSends = cluster.host().transports(TransportRole.PUBLISHER).stream()
                .filter(transport -> !transport.openTracks().isEmpty())
                .findFirst()
                .orElseThrow();
        assertEquals(List.of(true), squelched(bobSends));
        assertTrue(lastTold(waiting, GrantsChanged.class).waiting());
        assertNull(x.moderate(new Peers()));
        assertEquals(List.of(Code.BANNED), join(one, "z", Moderators.named("yak")).codes);
        assertEquals(List.of(Code.LOCKED), join(one, "late", Caller.ANONYMOUS).codes);
    }

    /** His ban was in force a moment before the host died, and its last word to him was lost. */
    @Test
    void aBannedPeerThatIsBroughtBackIsClosed() {
        Node three = cluster.node("three");
        three.directory.claim(ClusterFixture.ROOM);
        FakeClient eva = join(one, "eva", EVA);
        FakeClient bob = join(two, "bob", BOB);
        three.bus.loses = true;
        eva.moderate(new Banish(name("bob"), Duration.ofHours(1), ""));
        assertNull(bob.closed);
        three.dies();
        three.isFoundDead();

        assertEquals(new CloseCause(4008, "banned"), bob.closed);
        assertNull(eva.closed);
    }

    /** Where a password is needed for all but moderators. */
    private static Entrance.Verdict passwordNeeded(Caller caller, String room, RoomFacts facts, Set<Pass> passes) {
        Entrance.Verdict verdict = new OpenEntrance().admit(caller, room, facts, passes);
        boolean stopped = verdict instanceof Entrance.Granted granted
                && !granted.grants().has(Grant.MODERATE)
                && passes.isEmpty();
        return stopped ? new Entrance.Refused(Entrance.Reason.PASSWORD_NEEDED, "a password is needed") : verdict;
    }

    @Test
    void aWrongPasswordIsJudgedAfterBansAndNotForModerators() {
        cluster.passwords = (caller, room, password) -> known(Passwords.Outcome.WRONG);
        cluster.entrance = RoutedModerationTest::passwordNeeded;
        Node asked = cluster.node("asked");
        asked.directory.claim(ClusterFixture.ROOM);
        FakeClient eva = asked.client().join(withPassword("eva", EVA, "mule"));
        assertEquals(List.of(), eva.errors);
        FakeClient wrong = asked.client().join(withPassword("w", "mule"));
        assertEquals(List.of("wrong password"), wrong.errors);
        assertEquals(List.of(Code.PASSWORD_NEEDED), wrong.codes);

        FakeClient boss = asked.client().join(withPassword("boss", EVA, "mule"));
        assertNull(eva.moderate(new Banish(name("boss"), Duration.ofHours(1), "")));
        assertNotNull(boss.closed);
        assertEquals(List.of(Code.BANNED), asked.client().join(withPassword("eva", EVA, "mule")).codes);
    }

    @Test
    void whatIsNotSignedMakesNobodyAModerator() {
        cluster.signed = false;
        Node host = cluster.node("host");
        Node other = cluster.node("other");
        host.directory.claim(ClusterFixture.ROOM);
        FakeClient here = join(host, "here", EVA);
        FakeClient there = join(other, "there", Moderators.named("yak", "noir-moderator"));

        assertEquals(Code.FORBIDDEN, there.moderate(new Lock(true)));
        assertEquals(Code.FORBIDDEN, failed(other.rooms.api().lock(EVA, ClusterFixture.ROOM, true)));
        assertNull(here.moderate(new Lock(true)));
        done(host.rooms.api().lock(EVA, ClusterFixture.ROOM, false));
    }

    @Test
    void passwordsAreComparedWhereTheSocketIsAndOnlyPassesTravel() {
        cluster.passwords = (caller, room, password) -> switch (password.text()) {
            case "horse" -> Passwords.Answer.known(new Passwords.Result(Passwords.Outcome.FINE, Set.of(Pass.JOIN)));
            case "mule" -> known(Passwords.Outcome.WRONG);
            default -> known(Passwords.Outcome.TOO_MANY);
        };
        Node front = cluster.front("front");
        front.client().join(withPassword("a", "horse"));

        assertTrue(front.bus.sent.get(0).payload().contains("\"passes\":[\"JOIN\"]"));
        assertFalse(front.bus.sent.toString().contains("horse"));
        int sent = front.bus.sent.size();
        FakeClient wrong = front.client().join(withPassword("b", "mule"));
        FakeClient eager = front.client().join(withPassword("c", "donkey"));

        assertEquals(1, wrong.answers.size(), "the host needs none");
        assertEquals(List.of(Code.TOO_MANY), eager.codes);
        List<String> joins = front.bus.sent.subList(sent, front.bus.sent.size()).stream()
                .filter(envelope -> envelope.kind() == Envelope.Kind.JOIN)
                .map(Envelope::payload)
                .toList();
        assertEquals(1, joins.size());
        assertTrue(joins.get(0).contains("\"passes\":[]"), joins.get(0));
    }

    private static Passwords.Answer known(Passwords.Outcome outcome) {
        return Passwords.Answer.known(new Passwords.Result(outcome, Set.of()));
    }

    private static JoinRequest withPassword(String name, String password) {
        return withPassword(name, Caller.ANONYMOUS, password);
    }

    private static JoinRequest withPassword(String name, Caller caller, String password) {
        var request = request(name, caller);
        return new JoinRequest(
                request.room(),
                request.peer(),
                request.offer(),
                request.config(),
                request.caller(),
                new Password(password),
                Set.of());
    }

    @Test
    void aWrongPasswordIsCalledThat() {
        RoomException needed = new RoomException(Code.PASSWORD_NEEDED, "a password is needed");

        assertEquals("wrong password", Refusals.told(needed, new Password("x")).getMessage());
        assertEquals(
                "a password is needed", Refusals.told(needed, Password.NONE).getMessage());
        RoomException full = new RoomException(Code.ROOM_FULL, "full");
        assertEquals(full, Refusals.told(full, new Password("x")));
    }

    private static <T> T done(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        assertTrue(future.isDone());
        return future.join();
    }

    private static Code failed(CompletionStage<?> stage) {
        CompletableFuture<?> future = stage.toCompletableFuture();
        assertTrue(future.isDone());
        Throwable cause = assertThrows(CompletionException.class, future::join).getCause();
        return assertInstanceOf(RoomException.class, cause).code();
    }

    @Test
    void otherPartsOfTheServerDoTheSameFromEveryNode() {
        two.directory.claim(ClusterFixture.ROOM);
        FakeClient bob = join(two, "bob", BOB, "audio");
        for (Node from : List.of(one, two)) {
            RoomReport report = done(from.rooms.api().report(Caller.ANONYMOUS, ClusterFixture.ROOM));
            assertEquals(1, report.peers().size());
            done(from.rooms.api().lock(EVA, ClusterFixture.ROOM, from == one));
            done(from.rooms.api().squelch(EVA, ClusterFixture.ROOM, name("bob"), Optional.empty(), from == one));
            assertEquals(List.of(from == one), squelched(sending(0)));
            assertEquals(
                    Code.NO_SUCH_PEER, failed(from.rooms.api().kick(EVA, ClusterFixture.ROOM, name("nobody"), "")));
            assertEquals(Code.NO_SUCH_PEER, failed(from.rooms.api().lock(EVA, new RoomId("none"), true)));
        }
        String ban = done(one.rooms.api().ban(EVA, ClusterFixture.ROOM, name("bob"), Duration.ofHours(1), "x"));
        assertFalse(ban.isEmpty());
        assertNotNull(bob.closed);
        assertEquals(List.of(Code.BANNED), join(one, "bob", BOB).codes);
    }

    @Test
    void aHostThatCannotBeReachedIsSaidToBeSo() {
        two.directory.claim(ClusterFixture.ROOM);
        join(two, "bob", BOB);
        two.bus.loses = true;
        CompletionStage<?> lost = one.rooms.api().lock(EVA, ClusterFixture.ROOM, true);
        cluster.scheduler.advance(RoutingLimits.DEFAULT.requestDeadline());
        assertEquals(Code.UNAVAILABLE, failed(lost));

        cluster.storeGoesAway();
        assertEquals(Code.UNAVAILABLE, failed(one.rooms.api().lock(EVA, ClusterFixture.ROOM, true)));
    }

    @Test
    void withoutTheStoreNothingIsLaidDownAndTheRoomGoesOn() {
        one.directory.claim(ClusterFixture.ROOM);
        FakeClient eva = join(one, "eva", EVA);
        FakeClient bob = join(one, "bob", BOB, "audio");
        cluster.storeGoesAway();

        assertEquals(Code.UNAVAILABLE, eva.moderate(squelch("bob")));
        assertEquals(List.of(false), squelched(sending(1)));
        assertNull(eva.moderate(new Kick(name("bob"), "")));
        assertNotNull(bob.closed);
    }

    @Test
    void commandsThatCannotBeReadAreRefused() {
        two.directory.claim(ClusterFixture.ROOM);
        join(two, "bob", BOB);
        FakeClient eva = join(one, "eva", EVA);
        String peer = one.bus.sent.get(one.bus.sent.size() - 1).peer();
        one.bus.send(new Envelope("one", "two", Envelope.Kind.MODERATE, "r", peer, 0, 99, "{\"method\":\"fly\"}"));
        one.bus.send(new Envelope("one", "two", Envelope.Kind.MODERATE, "r", "", 0, 99, "garbage"));

        assertNull(eva.closed);
        assertNull(eva.moderate(new ModerationCommand.Peers()));
    }
}
