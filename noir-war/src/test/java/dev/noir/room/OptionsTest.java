package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Caller;
import dev.noir.lease.LocalRoomDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** Another part of the server does something in the room r. */
    static void perform(RoomFixture noir, ModerationCommand command, List<Object> told) {
        noir.rooms.moderate(new RoomId("r"), Caller.ANONYMOUS, command, new Told(told));
    }

    /** What another part of the server hears. */
    private record Told(List<Object> told) implements Reply {
        @Override
        public void answer(String sdp) {
            told.add(sdp);
        }

        @Override
        public void done() {
            told.add("done");
        }

        @Override
        public void result(ModerationResult result) {
            told.add(result);
        }

        @Override
        public void error(RoomException error) {
            told.add(error.code());
        }
    }

    private static RoomPlan plan(int maxPeers, Duration maxAge) {
        return new RoomPlan(
                Optional.of("Standup"),
                Optional.of(maxPeers),
                Optional.empty(),
                Optional.of(maxAge),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    @Test
    void whatIsLaidDownForAnOpenRoomComesIntoForceWithoutHarmToWhoIsIn() {
        RoomFixture noir = new RoomFixture(RoomFixture.OPTIONS);
        LocalRoomDirectory plans = new LocalRoomDirectory("any", noir.leases);
        FakeClient first = noir.settled("r", "a");
        noir.settled("r", "b");
        noir.scheduler.advance(Duration.ofMinutes(1));
        List<Object> told = new ArrayList<>();
        plans.savePlan(new RoomId("r"), plan(1, Duration.ofMinutes(3)));
        perform(noir, new ModerationCommand.Reload(), told);

        assertEquals(List.of("the room is full"), noir.join("r", "c").errors);
        perform(noir, new ModerationCommand.Describe(), told);
        RoomDescription room = assertInstanceOf(RoomDescription.class, told.get(1));
        assertEquals(2, room.counts().peers());
        assertEquals("Standup", room.options().title());
        noir.scheduler.advance(Duration.ofSeconds(119));
        assertNull(first.closed);
        noir.scheduler.advance(Duration.ofSeconds(1));
        assertEquals(CloseCause.ROOM_ENDED, first.closed);
    }

    @Test
    void aTimeThatIsOverAlreadyEndsTheRoomAtOnceAndNoneNever() {
        RoomFixture noir = new RoomFixture(RoomFixture.OPTIONS.withMaxAge(Duration.ofMinutes(2), Duration.ZERO));
        LocalRoomDirectory plans = new LocalRoomDirectory("any", noir.leases);
        FakeClient client = noir.settled("r", "a");
        plans.savePlan(new RoomId("r"), plan(5, Duration.ZERO));
        perform(noir, new ModerationCommand.Reload(), new ArrayList<>());
        noir.scheduler.advance(Duration.ofMinutes(3));
        assertNull(client.closed);

        plans.savePlan(new RoomId("r"), plan(5, Duration.ofMinutes(1)));
        perform(noir, new ModerationCommand.Reload(), new ArrayList<>());
        noir.scheduler.advance(Duration.ZERO);
        assertEquals(CloseCause.ROOM_ENDED, client.closed);
    }

    @Test
    void aRoomCanBeClosedWithEverybodyInIt() {
        RoomFixture noir = new RoomFixture(RoomFixture.OPTIONS);
        FakeClient client = noir.settled("r", "a");
        List<Object> told = new ArrayList<>();
        perform(noir, new ModerationCommand.Close("too loud"), told);

        assertEquals(List.of(new ModerationResult.Done()), told);
        assertEquals(new CloseCause(4005, "the room has ended: too loud"), client.closed);
        assertEquals(0, noir.rooms.rooms());
        assertEquals(0, noir.media.openObjects());
        assertTrue(noir.join("r", "b").errors.isEmpty());
    }

    @Test
    void managementIsNotForPeers() {
        RoomFixture noir = new RoomFixture(RoomFixture.OPTIONS);
        FakeClient eva = noir.client().join(Moderators.request("eva", Moderators.EVA));
        for (ModerationCommand command : List.of(
                new ModerationCommand.Close(""), new ModerationCommand.Reload(), new ModerationCommand.Describe())) {
            assertEquals(RoomException.Code.FORBIDDEN, eva.moderate(command));
        }
        assertNull(eva.closed);
    }
}
