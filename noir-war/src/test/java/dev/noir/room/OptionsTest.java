package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@link RoomOptions} promise, and that whoever is refused is told. */
final class OptionsTest {
    private static final String CHANNEL_TAKEN = "the channel has a publisher already";

    private static String audioAndVideo(String stream) {
        return TestSdp.offer("abcd", stream, "audio", "video");
    }

    @Test
    void moreThanMaxPublishersAreRefusedAndTold() {
        RoomFixture noir = new RoomFixture(RoomFixture.OPTIONS.withMaxPublishers(1));
        FakeClient first = noir.settled("r", "a");
        FakeClient second = noir.settled("r", "b");
        first.offer(audioAndVideo("s"));
        second.offer(audioAndVideo("t"));

        assertTrue(first.errors.isEmpty());
        assertEquals(List.of("the room has as many publishers as it may have"), second.errors);
        assertEquals(List.of(new RoomCounts(new RoomId("r"), 2, 1, 2)), noir.rooms.counts());
        assertNull(second.closed);
    }

    @Test
    void aRefusedPublisherMayGoOnListening() {
        RoomFixture noir = new RoomFixture(RoomFixture.OPTIONS.withMaxPublishers(1));
        noir.settled("r", "a").offer(audioAndVideo("s"));
        FakeClient second = noir.settled("r", "b");
        second.offer(audioAndVideo("t"));

        assertEquals(3, TestSdp.values(second.lastOffer(), "m").size());
    }

    @Test
    void aJoinThatBringsMediaCountsAsPublishing() {
        RoomFixture noir = new RoomFixture(RoomFixture.OPTIONS.asChannel());
        noir.client().join("r", "a", audioAndVideo("s"), JoinConfig.NONE);
        FakeClient second = noir.client().join("r", "b", audioAndVideo("t"), JoinConfig.NONE);

        assertEquals(List.of(CHANNEL_TAKEN), second.errors);
        assertEquals(1, noir.rooms.peers());
    }

    @Test
    void aChannelsPublisherMayRenegotiate() {
        RoomFixture noir = new RoomFixture(RoomFixture.OPTIONS.asChannel());
        FakeClient publisher = noir.settled("r", "a");
        publisher.offer(TestSdp.offer("abcd", "s", "audio"));
        publisher.offer(audioAndVideo("s"));

        assertTrue(publisher.errors.isEmpty());
        assertEquals(2, noir.last(TransportRole.PUBLISHER).openTracks().size());
    }

    @Test
    void aChannelIsFreeWhenItsPublisherLeaves() {
        RoomFixture noir = new RoomFixture(RoomFixture.OPTIONS.asChannel());
        FakeClient first = noir.settled("r", "a");
        FakeClient second = noir.settled("r", "b");
        first.offer(audioAndVideo("s"));
        second.offer(audioAndVideo("t"));
        first.leave();
        second.offer(audioAndVideo("t"));

        assertEquals(List.of(CHANNEL_TAKEN), second.errors);
        assertEquals(2, second.answers.size());
    }

    @Test
    void aChannelIsFreeWhenItsPublisherUnpublishes() {
        RoomFixture noir = new RoomFixture(RoomFixture.OPTIONS.asChannel());
        FakeClient first = noir.settled("r", "a");
        FakeClient second = noir.settled("r", "b");
        first.offer(TestSdp.offer("abcd", "s", "audio"));
        first.offer(TestSdp.offer("abcd", "s", "inactive-audio"));
        second.offer(audioAndVideo("t"));

        assertTrue(second.errors.isEmpty());
    }

    @Test
    void aChannelsPublisherThatComesAgainUnderItsNameKeepsThePlace() {
        RoomFixture noir = new RoomFixture(RoomFixture.OPTIONS.asChannel());
        noir.client().join("r", "a", audioAndVideo("s"), JoinConfig.NONE);
        FakeClient again = noir.client().join("r", "a", audioAndVideo("s"), JoinConfig.NONE);

        assertTrue(again.errors.isEmpty());
    }

    @Test
    void aChannelTakesOneTrackOfEachKind() {
        RoomFixture noir = new RoomFixture(RoomFixture.OPTIONS.asChannel());
        FakeClient publisher = noir.settled("r", "a");
        publisher.offer(TestSdp.offer("abcd", "s", "video", "video"));

        assertEquals(List.of("error creating answer: a channel takes one audio and one video track"), publisher.errors);
        assertTrue(noir.last(TransportRole.PUBLISHER).tracks.isEmpty());
    }

    @Test
    void aRoomEndsAtItsMaxAgeWithAReason() {
        RoomFixture noir = new RoomFixture(RoomFixture.OPTIONS.withMaxAge(Duration.ofMinutes(1), Duration.ZERO));
        FakeClient client = noir.settled("r", "a");
        noir.scheduler.advance(Duration.ofSeconds(59));
        assertNull(client.closed);
        noir.scheduler.advance(Duration.ofSeconds(1));

        assertEquals(CloseCause.ROOM_ENDED, client.closed);
        assertEquals(0, noir.rooms.rooms());
        assertEquals(0, noir.media.openObjects());
        assertTrue(noir.join("r", "b").errors.isEmpty());
    }

    @Test
    void theNameOfAnEndedRoomStaysRefusedForTheReserve() {
        RoomFixture noir =
                new RoomFixture(RoomFixture.OPTIONS.withMaxAge(Duration.ofMinutes(1), Duration.ofMinutes(2)));
        noir.settled("r", "a");
        noir.scheduler.advance(Duration.ofMinutes(1));

        assertEquals(List.of("the room has ended"), noir.join("r", "b").errors);
        assertEquals(0, noir.rooms.rooms());
        assertTrue(noir.join("other", "b").errors.isEmpty());
        noir.scheduler.advance(Duration.ofMinutes(2));
        assertTrue(noir.join("r", "b").errors.isEmpty());
    }

    @Test
    void aRoomThatEmptiesBeforeItsTimeReservesNothing() {
        RoomFixture noir =
                new RoomFixture(RoomFixture.OPTIONS.withMaxAge(Duration.ofMinutes(1), Duration.ofMinutes(2)));
        noir.settled("r", "a").leave();

        assertEquals(0, noir.scheduler.pending());
        assertTrue(noir.join("r", "b").errors.isEmpty());
    }
}
