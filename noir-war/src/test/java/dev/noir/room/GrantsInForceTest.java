package dev.noir.room;

import static dev.noir.room.Moderators.BOB;
import static dev.noir.room.Moderators.EVA;
import static dev.noir.room.Moderators.name;
import static dev.noir.room.Moderators.request;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Entrance;
import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.access.TakenName;
import dev.noir.room.FakeMediaPlane.FakeChannel;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import dev.noir.room.ModerationCommand.SetGrants;
import dev.noir.room.Notification.GrantsChanged;
import dev.noir.room.Notification.Refused;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a peer may not do does not happen, and it is told why. */
final class GrantsInForceTest {
    private static final Grants MODERATES = Grants.MEMBER.with(Grant.MODERATE);

    // By principal; everybody else is a member.
    private final Map<String, Grants> decided = new HashMap<>(Map.of("eva", MODERATES));
    private final RoomFixture noir = new RoomFixture(
            RoomFixture.OPTIONS,
            (caller, room, facts, passes) ->
                    new Entrance.Granted(decided.getOrDefault(caller.principal(), Grants.MEMBER), facts.lobby()),
            TakenName.REPLACE);

    private void bobHas(Grant... grants) {
        decided.put("bob", Grants.of(List.of(grants)));
    }

    private FakeClient join(JoinRequest request) {
        FakeClient client = noir.client().join(request);
        client.answerLast();
        noir.last(TransportRole.PUBLISHER).tell(TransportState.CONNECTED, MediaEnd.NONE);
        noir.last(TransportRole.SUBSCRIBER).tell(TransportState.CONNECTED, MediaEnd.NONE);
        return client;
    }

    private static long sections(FakeClient client, String direction) {
        return TestSdp.values(client.lastOffer(), direction).size();
    }

    @Test
    void whoHasNoGrantToJoinDoesNot() {
        bobHas(Grant.SUBSCRIBE);
        FakeClient client = noir.client().join(request("b", BOB));

        assertEquals(List.of(RoomException.Code.FORBIDDEN), client.codes);
        assertEquals(List.of("you may not join this room"), client.errors);
        assertEquals(0, noir.media.openObjects());
    }

    @Test
    void theOrdinaryIsNotMentioned() {
        assertEquals(List.of(), join(request("a", BOB, "audio")).told);
    }

    @Test
    void deniedMediaIsAnsweredInactiveSectionBySectionAndSaidToBe() {
        bobHas(Grant.JOIN, Grant.PUBLISH_AUDIO, Grant.SUBSCRIBE);
        FakeClient client = join(request("b", BOB, "audio", "video"));

        assertEquals(1, TestSdp.values(client.lastAnswer(), "recvonly").size());
        assertEquals(1, TestSdp.values(client.lastAnswer(), "inactive").size());
        assertEquals(1, noir.last(TransportRole.PUBLISHER).openTracks().size());
        assertEquals(
                List.of(
                        new GrantsChanged(decided.get("bob"), false),
                        new Refused(Grant.PUBLISH_VIDEO, "you may not send this in this room")),
                client.told);
    }

    @Test
    void aScreenIsAnotherGrantThanACamera() {
        bobHas(Grant.JOIN, Grant.PUBLISH_VIDEO);
        FakeClient client = join(request("b", BOB));
        client.told.clear();
        client.offer(TestSdp.offer("abcd", "s.Qm9i.abcdefgh", "video"));
        assertEquals(List.of(new Refused(Grant.PUBLISH_SCREEN, "you may not send this in this room")), client.told);
        assertTrue(noir.last(TransportRole.PUBLISHER).openTracks().isEmpty());

        client.offer(TestSdp.offer("abcd", "c.Qm9i.abcdefgh", "video"));
        assertEquals(1, noir.last(TransportRole.PUBLISHER).openTracks().size());
        client.told.clear();
        client.offer(TestSdp.offer("abcd", "c.Qm9i.abcdefgh", "video")
                .replace("a=mid:1\r\n", "a=mid:1\r\na=content:slides\r\n"));
        assertEquals(1, client.told.size());
        assertTrue(noir.last(TransportRole.PUBLISHER).openTracks().isEmpty());
    }

    @Test
    void whoWatchesFromOutsideNeedsTheSameGrant() {
        bobHas(Grant.JOIN);
        assertFalse(noir.rooms.mayWatch(Moderators.ROOM, EVA), "the room is not open");
        FakeClient moderator = join(request("eva", EVA));
        assertTrue(noir.rooms.mayWatch(Moderators.ROOM, EVA));
        assertFalse(noir.rooms.mayWatch(Moderators.ROOM, BOB));
        join(request("b", BOB));
        moderator.moderate(new SetGrants(name("b"), Grants.of(List.of(Grant.SUBSCRIBE))));
        assertTrue(noir.rooms.mayWatch(Moderators.ROOM, BOB), "a moderator has given it to him");
        moderator.moderate(new SetGrants(name("b"), Grants.NONE));
        assertFalse(noir.rooms.mayWatch(Moderators.ROOM, BOB));
        moderator.leave();
    }

    @Test
    void whoMayNotSubscribeIsOfferedNothingUntilHeMay() {
        bobHas(Grant.JOIN);
        FakeClient moderator = join(request("eva", EVA, "audio", "video"));
        FakeClient client = join(request("b", BOB));
        assertEquals(0, sections(client, "sendonly"));

        moderator.moderate(new SetGrants(name("b"), Grants.of(List.of(Grant.SUBSCRIBE))));
        assertEquals(2, sections(client, "sendonly"));
        client.answerLast();
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        assertEquals(2, receiving.openDownTracks().size());

        moderator.moderate(new SetGrants(name("b"), Grants.NONE));
        assertEquals(0, receiving.openDownTracks().size());
        assertEquals(0, sections(client, "sendonly"));
    }

    @Test
    void messagesOfWhoMayNotSendThemGoNowhereAndNobodyGetsHisChannels() {
        bobHas(Grant.JOIN, Grant.SUBSCRIBE);
        FakeClient moderator = join(request("eva", EVA));
        FakeTransport hears = noir.last(TransportRole.SUBSCRIBER);
        FakeTransport speaks = noir.last(TransportRole.PUBLISHER);
        join(request("b", BOB));
        FakeTransport bob = noir.last(TransportRole.PUBLISHER);
        FakeTransport bobHears = noir.last(TransportRole.SUBSCRIBER);
        FakeChannel own = new FakeChannel("chat");
        bob.tellOpened(own);
        assertEquals(1, hears.channels.size());
        speaks.tellOpened(new FakeChannel("chat"));
        bob.tellMessage(own, "denied");
        bobHears.tellMessage(bobHears.channel("chat"), "denied, too");
        assertEquals(List.of(), sentTo(hears));

        moderator.moderate(new SetGrants(name("b"), Grants.of(List.of(Grant.PUBLISH_DATA))));
        bob.tellMessage(own, "allowed");
        FakeChannel evas = new FakeChannel("more");
        speaks.tellOpened(evas);
        speaks.tellMessage(evas, "not for who may not receive");
        assertTrue(bobHears.channel("more").sent.isEmpty());
        bob.tellOpened(new FakeChannel("third"));
        assertEquals("third", hears.channel("third").label());
    }

    private static List<String> sentTo(FakeTransport transport) {
        List<String> all = new ArrayList<>();
        transport.channels.forEach(channel -> all.addAll(channel.sent));
        return all;
    }

    @Test
    void aChannelOpenedInSilenceIsOpenedToOthersWithTheGrant() {
        bobHas(Grant.JOIN, Grant.SUBSCRIBE);
        FakeClient moderator = join(request("eva", EVA));
        FakeTransport hears = noir.last(TransportRole.SUBSCRIBER);
        join(request("b", BOB));
        FakeTransport bob = noir.last(TransportRole.PUBLISHER);
        FakeChannel own = new FakeChannel("chat");
        bob.tellOpened(own);
        moderator.moderate(new SetGrants(name("b"), Grants.MEMBER));
        bob.tellMessage(own, "hello");

        assertEquals(List.of("hello"), hears.channel("chat").sent);
    }

    @Test
    void aRevokedGrantTakesTracksAwayAndGivingItBackBringsThem() {
        FakeClient moderator = join(request("eva", EVA));
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        FakeClient bob = join(request("b", BOB, "audio", "video"));
        FakeTransport sending = noir.last(TransportRole.PUBLISHER);
        moderator.answerLast();
        assertEquals(List.of(false, false), Moderators.squelched(sending));
        assertEquals(2, receiving.openDownTracks().size());

        Grants less = Grants.MEMBER.without(Grant.PUBLISH_VIDEO);
        assertNull(moderator.moderate(new SetGrants(name("b"), less)));
        assertEquals(List.of(false, true), Moderators.squelched(sending));
        assertEquals(1, receiving.openDownTracks().size());
        assertEquals(1, sections(moderator, "sendonly"));
        assertEquals(new GrantsChanged(less, false), Moderators.lastTold(bob, GrantsChanged.class));
        moderator.answerLast();

        // Whatever it negotiates meanwhile, it does not get out of that.
        bob.offer(TestSdp.offer("abcd", "stream-b", "audio", "video", "video"));
        assertEquals(List.of(false, true), Moderators.squelched(sending));
        assertEquals(1, TestSdp.values(bob.lastAnswer(), "inactive").size());
        assertEquals(1, receiving.openDownTracks().size());

        moderator.moderate(new SetGrants(name("b"), Grants.MEMBER));
        moderator.answerLast();
        assertEquals(List.of(false, false), Moderators.squelched(sending));
        assertEquals(2, receiving.openDownTracks().size());
    }

    @Test
    void noGrantsAtAllStillAnswerTheOffer() {
        bobHas(Grant.JOIN);
        FakeClient client = join(request("b", BOB, "audio", "video"));

        assertEquals(2, TestSdp.values(client.lastAnswer(), "inactive").size());
        assertEquals(Set.of(Grant.PUBLISH_AUDIO, Grant.PUBLISH_VIDEO), refusals(client));
        assertEquals(
                "ion-sfu",
                noir.last(TransportRole.SUBSCRIBER).channel("ion-sfu").label());
    }

    private static Set<Grant> refusals(FakeClient client) {
        return Set.copyOf(Moderators.told(client, Refused.class).stream()
                .map(Refused::missing)
                .toList());
    }

    @Test
    void aGrantMakesNoPublisherTooMany() {
        RoomFixture narrow = new RoomFixture(
                RoomFixture.OPTIONS.withMaxPublishers(1),
                (caller, room, facts, passes) -> new Entrance.Granted(MODERATES, false),
                TakenName.REPLACE);
        FakeClient one = narrow.client().join(request("one", EVA, "audio"));
        one.moderate(new SetGrants(name("one"), MODERATES.without(Grant.PUBLISH_AUDIO)));
        narrow.client().join(request("two", BOB, "audio"));

        assertEquals(RoomException.Code.PUBLISHERS_FULL, one.moderate(new SetGrants(name("one"), MODERATES)));
    }
}
