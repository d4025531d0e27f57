package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.room.FakeMediaPlane.FakeChannel;
import dev.noir.room.FakeMediaPlane.FakeRoom;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ChannelsTest {
    private final RoomFixture noir = new RoomFixture();

    @Test
    void receiverControlSetsThisPeersDownTracksOfTheStream() {
        FakeTransport receiving = published();
        FakeChannel api = receiving.channel("ion-sfu");
        receiving.tellMessage(api, "s low medium true");
        assertEquals("2/2", receiving.downTracks.get(0).setting);
        assertEquals("0/1", receiving.downTracks.get(1).setting);

        receiving.tellMessage(api, "s none x false");
        assertEquals("muted 2/2", receiving.downTracks.get(0).setting);
        assertEquals("muted 0/1", receiving.downTracks.get(1).setting);

        receiving.tellMessage(api, "s high x true");
        assertEquals("2/2", receiving.downTracks.get(0).setting);
        assertEquals("2/1", receiving.downTracks.get(1).setting);
    }

    @Test
    void aWishIsAboutPicturesAndStandsBesideWhatIonsMessagesSay() {
        FakeTransport receiving = published();
        FakeChannel api = receiving.channel("ion-sfu");
        String track = receiving.downTracks.get(1).track.published.trackId();
        receiving.tellMessage(api, "s low medium true");
        receiving.tellMessage(api, "s - 320 180 7 true");
        assertEquals("2/2", receiving.downTracks.get(0).setting);
        assertEquals("0/1 320x180 7", receiving.downTracks.get(1).setting);

        receiving.tellMessage(api, "s " + track + " 0 0 7 false");
        assertEquals("2/2", receiving.downTracks.get(0).setting);
        assertEquals("muted 0/1 0x0 7", receiving.downTracks.get(1).setting);

        receiving.tellMessage(api, "s high x true");
        assertEquals("muted 2/1 0x0 7", receiving.downTracks.get(1).setting);
        receiving.tellMessage(api, "s nobody 1 1 1 true");
        receiving.tellMessage(api, "nobody - 1 1 1 true");
        assertEquals("muted 2/1 0x0 7", receiving.downTracks.get(1).setting);

        receiving.tellMessage(api, "s none x true");
        receiving.tellMessage(api, "s - 640 360 0 true");
        assertEquals("muted 2/1 640x360 0", receiving.downTracks.get(1).setting);
    }

    @Test
    void wishesBeyondAPeersShareAreDropped() {
        FakeTransport receiving = published();
        FakeChannel api = receiving.channel("ion-sfu");
        receiving.tellMessage(api, "s - 1 1 0 true 1500");
        receiving.tellMessage(api, "s - 2 1 0 true 501");
        assertEquals("2/2 1x1 0", receiving.downTracks.get(1).setting);
        receiving.tellMessage(api, "s - 3 1 0 true 500");
        assertEquals("2/2 3x1 0", receiving.downTracks.get(1).setting);

        noir.scheduler.advance(Duration.ofSeconds(1));
        receiving.tellMessage(api, "s - 4 1 0 true 201");
        assertEquals("2/2 3x1 0", receiving.downTracks.get(1).setting);
        receiving.tellMessage(api, "s - 5 1 0 true 200");
        assertEquals("2/2 5x1 0", receiving.downTracks.get(1).setting);
    }

    @Test
    void foreignStreamsAndGarbageAreIgnored() {
        FakeTransport receiving = published();
        receiving.tellMessage(receiving.channel("ion-sfu"), "other none x false");
        receiving.tellMessage(receiving.channel("ion-sfu"), "garbage");

        assertEquals("2/2", receiving.downTracks.get(1).setting);
    }

    @Test
    void publisherControlRestrictsOthersAndTellsThem() {
        noir.settled("r", "b");
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        FakeClient publisher = noir.settled("r", "a");
        FakeTransport own = noir.last(TransportRole.SUBSCRIBER);
        publisher.offer(TestSdp.offer("abcd", "s", "video"));
        own.tellMessage(own.channel("ion-sfu"), "s low,medium");

        assertEquals(List.of("s medium [low, medium]"), receiving.channel("ion-sfu").sent);
        assertTrue(own.channel("ion-sfu").sent.isEmpty());
    }

    @Test
    void onlyTheOwnerOfAStreamRestrictsIt() {
        FakeTransport receiving = published();
        receiving.tellMessage(receiving.channel("ion-sfu"), "s low");

        assertEquals("2/2", receiving.downTracks.get(1).setting);
    }

    @Test
    void aUserChannelReachesEverybodyElseAndThoseWhoComeLater() {
        noir.settled("r", "a");
        FakeTransport owner = noir.last(TransportRole.PUBLISHER);
        FakeTransport ownersOther = noir.last(TransportRole.SUBSCRIBER);
        noir.settled("r", "b");
        FakeTransport early = noir.last(TransportRole.SUBSCRIBER);
        FakeChannel chat = new FakeChannel("chat");
        owner.tellOpened(chat);
        noir.settled("r", "c");
        FakeTransport late = noir.last(TransportRole.SUBSCRIBER);
        owner.tellMessage(chat, "hello");
        early.tellMessage(early.channel("chat"), "hi");

        assertEquals(List.of("hello"), early.channel("chat").sent);
        assertEquals(List.of("hello", "hi"), late.channel("chat").sent);
        assertEquals(List.of("hi"), chat.sent);
        assertEquals(1, ownersOther.channels.size());
    }

    @Test
    void theClientsOwnApiChannelIsNotDistributed() {
        noir.settled("r", "a");
        FakeTransport owner = noir.last(TransportRole.PUBLISHER);
        noir.settled("r", "b");
        FakeChannel own = new FakeChannel("ion-sfu");
        owner.tellOpened(own);
        owner.tellMessage(own, "hello");

        assertEquals(1, noir.last(TransportRole.SUBSCRIBER).channels.size());
        assertTrue(noir.last(TransportRole.SUBSCRIBER).channel("ion-sfu").sent.isEmpty());
    }

    @Test
    void aFloodOfMessagesIsCut() {
        noir.settled("r", "a");
        FakeTransport owner = noir.last(TransportRole.PUBLISHER);
        noir.settled("r", "b");
        FakeChannel chat = new FakeChannel("chat");
        owner.tellOpened(chat);
        for (int i = 0; i < 5000; i++) {
            owner.tellMessage(chat, "spam");
        }

        assertEquals(
                1000, noir.last(TransportRole.SUBSCRIBER).channel("chat").sent.size());
        assertEquals(ChannelEnd.FLOODED, chat.closed);
    }

    /** Nobody relies on a message of an unreliable channel. */
    @Test
    void anUnreliableChannelOutlivesAFlood() {
        noir.settled("r", "a");
        FakeTransport owner = noir.last(TransportRole.PUBLISHER);
        noir.settled("r", "b");
        FakeChannel game = new FakeChannel("game", false);
        owner.tellOpened(game);
        for (int i = 0; i < 1100; i++) {
            owner.tellMessage(game, "spam");
        }
        noir.scheduler.advance(Duration.ofSeconds(10));
        owner.tellMessage(game, "later");

        List<String> sent = noir.last(TransportRole.SUBSCRIBER).channel("game").sent;
        assertEquals(1001, sent.size());
        assertEquals("later", sent.get(1000));
        assertNull(game.closed);
    }

    /** What a room passes on is bounded; those who say little are heard all the same. */
    @Test
    void aFloodOfManyLeavesOthersTheirShare() {
        RoomFixture large = new RoomFixture(RoomFixture.OPTIONS.withMaxPeers(64));
        List<FakeTransport> flooders = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            large.settled("r", "flooder" + i);
            flooders.add(large.last(TransportRole.PUBLISHER));
        }
        large.settled("r", "quiet");
        FakeTransport quiet = large.last(TransportRole.PUBLISHER);
        large.settled("r", "listener");
        FakeTransport listener = large.last(TransportRole.SUBSCRIBER);
        FakeRoom room = large.media.onlyRoom();
        List<FakeChannel> channels = new ArrayList<>();
        for (FakeTransport flooder : flooders) {
            FakeChannel channel = new FakeChannel("chat");
            channels.add(channel);
            flooder.tellOpened(channel);
        }
        for (int i = 0; i < 1000; i++) {
            for (int f = 0; f < flooders.size(); f++) {
                if (channels.get(f).closed == null) {
                    flooders.get(f).tellMessage(channels.get(f), "spam");
                }
            }
        }
        int deliveries = room.sends * 31;
        FakeChannel chat = new FakeChannel("chat");
        quiet.tellOpened(chat);
        quiet.tellMessage(chat, "hello");

        assertTrue(deliveries <= 2 * MessageShares.PER_SECOND, deliveries + " deliveries");
        assertTrue(channels.stream().allMatch(channel -> channel.closed == ChannelEnd.FLOODED));
        List<String> heard = listener.channel("chat").sent;
        assertEquals("hello", heard.get(heard.size() - 1));
        assertNull(chat.closed);
    }

    /** A room's budget is its own. */
    @Test
    void aFloodInOneRoomCutsNobodyInAnother() {
        RoomFixture two = new RoomFixture(RoomFixture.OPTIONS.withMaxPeers(64));
        two.settled("calm", "a");
        FakeTransport calm = two.last(TransportRole.PUBLISHER);
        two.settled("calm", "b");
        FakeTransport listener = two.last(TransportRole.SUBSCRIBER);
        FakeChannel chat = new FakeChannel("chat");
        calm.tellOpened(chat);
        List<FakeTransport> flooders = new ArrayList<>();
        List<FakeChannel> channels = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            two.settled("loud", "flooder" + i);
            flooders.add(two.last(TransportRole.PUBLISHER));
            channels.add(new FakeChannel("chat"));
            flooders.get(i).tellOpened(channels.get(i));
        }
        for (int i = 0; i < 900; i++) {
            for (int f = 0; f < flooders.size(); f++) {
                flooders.get(f).tellMessage(channels.get(f), "spam");
            }
            calm.tellMessage(chat, "line " + i);
        }

        assertTrue(channels.stream().anyMatch(channel -> channel.closed == ChannelEnd.FLOODED));
        List<String> heard = listener.channel("chat").sent;
        assertEquals(900, heard.size());
        assertEquals("line 899", heard.get(899));
        assertNull(chat.closed);
    }

    /** Labels go to others' connections alone, never to their sockets or descriptions. */
    @ParameterizedTest
    @ValueSource(strings = {"", "a\0b", "\"}\r\na=candidate", "\u2028", "\uFFFD\uFFFD", "\uD83D\uDE00", "ion-sfu "})
    void anOddLabelReachesOthersAsItIsAndCostsThemNothing(String label) {
        noir.settled("r", "a");
        FakeTransport owner = noir.last(TransportRole.PUBLISHER);
        FakeClient other = noir.settled("r", "b");
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        int offers = other.offers.size();
        int told = other.told.size();
        FakeChannel odd = new FakeChannel(label);
        owner.tellOpened(odd);
        owner.tellMessage(odd, "hello");

        assertEquals(List.of("hello"), receiving.channel(label).sent);
        assertEquals(offers, other.offers.size());
        assertEquals(told, other.told.size());
        assertTrue(other.errors.isEmpty() && other.codes.isEmpty());
        assertNull(odd.closed);
    }

    @Test
    void whatTheLoopsHaveNoRoomForIsTooMuch() {
        noir.settled("r", "a");
        FakeTransport owner = noir.last(TransportRole.PUBLISHER);
        noir.settled("r", "b");
        FakeChannel chat = new FakeChannel("chat");
        owner.tellOpened(chat);
        noir.media.onlyRoom().busy = true;
        owner.tellMessage(chat, "hello");

        assertEquals(ChannelEnd.FLOODED, chat.closed);
        assertEquals(1, noir.rooms.floodedMessages());
    }

    /** fixtures/odd/14. */
    @Test
    void whoClosesItsOwnChannelHearsOnTheOneItWasGiven() {
        noir.settled("r", "a");
        FakeTransport a = noir.last(TransportRole.PUBLISHER);
        noir.settled("r", "b");
        FakeTransport b = noir.last(TransportRole.PUBLISHER);
        FakeTransport given = noir.last(TransportRole.SUBSCRIBER);
        FakeChannel chat = new FakeChannel("chat");
        a.tellOpened(chat);
        a.tellMessage(chat, "1");
        for (int round = 0; round < 20; round++) {
            FakeChannel own = new FakeChannel("chat");
            b.tellOpened(own);
            a.tellMessage(chat, "2");
            assertEquals(List.of("2"), own.sent);
            b.tellClosed(own);
            a.tellMessage(chat, "3");
            a.tellClosed(chat);
            chat = new FakeChannel("chat");
            a.tellOpened(chat);
        }

        assertEquals(21, given.channel("chat").sent.size());
        assertEquals(2, given.channels.size(), "its own of the API, and one chat");
    }

    @Test
    void aLabelOutlivesOneOfThoseWhoHaveOpenedIt() {
        noir.settled("r", "a");
        FakeTransport a = noir.last(TransportRole.PUBLISHER);
        noir.settled("r", "b");
        FakeTransport b = noir.last(TransportRole.PUBLISHER);
        noir.settled("r", "c");
        FakeTransport c = noir.last(TransportRole.SUBSCRIBER);
        FakeChannel ofA = new FakeChannel("chat");
        FakeChannel ofB = new FakeChannel("chat");
        a.tellOpened(ofA);
        b.tellOpened(ofB);
        a.tellClosed(ofA);
        b.tellMessage(ofB, "still here");
        c.tellMessage(c.channel("chat"), "so am I");

        assertEquals(List.of("still here"), c.channel("chat").sent);
        assertEquals(List.of("so am I"), ofB.sent);
        assertTrue(ofA.sent.isEmpty());
    }

    /** Peer a publishes stream s, audio then video; the result is b's end. */
    private FakeTransport published() {
        FakeClient publisher = noir.settled("r", "a");
        FakeClient other = noir.settled("r", "b");
        FakeTransport receiving = noir.last(TransportRole.SUBSCRIBER);
        publisher.offer(TestSdp.offer("abcd", "s", "audio", "video"));
        other.answerLast();
        return receiving;
    }
}
