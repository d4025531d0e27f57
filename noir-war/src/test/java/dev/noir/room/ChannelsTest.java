package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.room.FakeMediaPlane.FakeChannel;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import java.util.List;
import org.junit.jupiter.api.Test;

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
