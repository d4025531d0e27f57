package dev.noir.room;

import static dev.noir.room.Moderators.BOB;
import static dev.noir.room.Moderators.EVA;
import static dev.noir.room.Moderators.name;
import static dev.noir.room.Moderators.request;
import static dev.noir.room.Moderators.resumeRequest;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.event.RoomRecorded;
import dev.noir.lease.LocalRoomDirectory;
import dev.noir.room.FakeMediaPlane.FakeTrack;
import dev.noir.room.FakeMediaPlane.FakeTransport;
import dev.noir.room.ModerationCommand.Admit;
import dev.noir.room.ModerationCommand.Lobby;
import dev.noir.room.ModerationCommand.RecordRoom;
import dev.noir.room.Notification.RecordingChanged;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Whose media is recorded, and who knows. */
final class RecordingTest {
    private static final RecordingChanged ON = new RecordingChanged(true, "");
    private static final RecordingChanged OFF = new RecordingChanged(false, "");

    private final RoomFixture noir = new RoomFixture(RoomOptions.DEFAULT);
    private final FakeClient eva = join(noir, request("eva", EVA, "audio", "video"));
    private final FakeTransport sending = noir.last(TransportRole.PUBLISHER);

    private static FakeClient join(RoomFixture noir, JoinRequest request) {
        FakeClient client = noir.client().join(request);
        client.answerLast();
        return client;
    }

    private static List<RecordingChanged> told(FakeClient client) {
        return Moderators.told(client, RecordingChanged.class);
    }

    @Test
    void whatIsThereAndWhatComesIsRecordedAndEverybodyKnows() {
        assertNull(eva.moderate(new RecordRoom(true)));
        FakeClient bob = join(noir, request("bob", BOB, "audio"));

        assertEquals(
                List.of("eva stream-eva audio", "eva stream-eva video", "bob stream-bob audio"),
                noir.recorder.last().tracks);
        sending.openTracks().forEach((FakeTrack track) -> assertFalse(track.taps.get(0).closed));
        assertEquals(List.of(ON), told(eva));
        assertEquals(List.of(ON), told(bob));
        assertEquals(
                List.of(true),
                noir.events.stream()
                        .filter(RoomRecorded.class::isInstance)
                        .map(event -> ((RoomRecorded) event).recorded())
                        .toList());
    }

    @Test
    void itEndsWhenItIsToldTo() {
        eva.moderate(new RecordRoom(true));
        eva.moderate(new RecordRoom(true));
        eva.moderate(new RecordRoom(false));

        assertEquals(1, noir.recorder.sessions.size());
        assertTrue(noir.recorder.last().over);
        assertEquals(List.of(), noir.recorder.last().ended);
        sending.openTracks().forEach((FakeTrack track) -> assertTrue(track.taps.get(0).closed));
        assertEquals(List.of(ON, OFF), told(eva));
    }

    @Test
    void aTrackThatGoesEndsWithTheRestGoingOn() {
        eva.moderate(new RecordRoom(true));
        FakeClient bob = join(noir, request("bob", BOB, "audio"));
        bob.leave();

        assertEquals(List.of("bob stream-bob audio"), noir.recorder.last().ended);
    }

    @Test
    void nobodyWhoWaitsIsRecorded() {
        eva.moderate(new RecordRoom(true));
        eva.moderate(new Lobby(true));
        FakeClient bob = join(noir, request("bob", BOB, "audio"));
        assertEquals(2, noir.recorder.last().tracks.size());
        assertEquals(List.of(ON), told(bob));

        eva.moderate(new Admit(name("bob")));
        assertEquals(3, noir.recorder.last().tracks.size());
    }

    @Test
    void aDiskThatIsFullEndsItAndEverybodyKnows() {
        eva.moderate(new RecordRoom(true));
        noir.recorder.last().failed.accept("the disk is full");
        noir.recorder.last().failed.accept("the disk is full");

        assertEquals(List.of(ON, new RecordingChanged(false, "the disk is full")), told(eva));
        assertTrue(noir.recorder.last().over);
        assertNull(eva.moderate(new RecordRoom(true)));
        assertEquals(2, noir.recorder.sessions.size());
        noir.recorder.sessions.get(0).failed.accept("late");
        assertEquals(ON, told(eva).get(2));
        assertEquals(3, told(eva).size());
    }

    @Test
    void whereNothingCanBeRecordedWhoAsksIsTold() {
        noir.recorder.refuses = true;

        assertEquals(RoomException.Code.INVALID, eva.moderate(new RecordRoom(true)));
        assertEquals(List.of(), told(eva));

        noir.recorder.refuses = false;
        noir.recorder.automatic = true;
        assertNull(eva.moderate(new Lobby(false)));
        assertEquals(List.of(), noir.recorder.sessions);
    }

    @Test
    void onlyModeratorsRecord() {
        FakeClient bob = join(noir, request("bob", BOB));

        assertEquals(RoomException.Code.FORBIDDEN, bob.moderate(new RecordRoom(true)));
        assertEquals(List.of(), noir.recorder.sessions);
    }

    private static RoomPlan recorded(boolean record) {
        return new RoomPlan(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(record));
    }

    @Test
    void whatIsLaidDownForARoomHoldsFromItsFirstPeerOn() {
        RoomFixture other = new RoomFixture(RoomOptions.DEFAULT);
        other.recorder.automatic = true;
        LocalRoomDirectory plans = new LocalRoomDirectory("any", other.leases);
        plans.savePlan(new RoomId("r"), recorded(false));
        FakeClient bob = join(other, request("bob", BOB, "audio"));
        assertEquals(List.of(), other.recorder.sessions);

        plans.savePlan(new RoomId("r"), recorded(true));
        OptionsTest.perform(other, new ModerationCommand.Reload(), new ArrayList<>());
        assertEquals(List.of("bob stream-bob audio"), other.recorder.last().tracks);
        plans.savePlan(new RoomId("r"), recorded(false));
        OptionsTest.perform(other, new ModerationCommand.Reload(), new ArrayList<>());
        assertEquals(List.of(ON, OFF), told(bob));
    }

    @Test
    void whatCannotBeRecordedIsNotLaidDown() {
        LocalRoomDirectory plans = new LocalRoomDirectory("any", noir.leases);
        plans.savePlan(new RoomId("r"), recorded(true));
        noir.recorder.refuses = true;
        List<Object> answers = new ArrayList<>();
        OptionsTest.perform(noir, new ModerationCommand.Reload(), answers);

        assertEquals(List.of(RoomException.Code.INVALID), answers);
        assertEquals(
                Optional.empty(), noir.rooms.descriptions().get(0).options().record());
        assertNull(eva.moderate(new Lobby(true)));
        assertEquals(List.of(), told(eva));
    }

    @Test
    void someRoomsAreRecordedFromTheirFirstPeerOn() {
        RoomFixture other = new RoomFixture(RoomOptions.DEFAULT);
        other.recorder.automatic = true;
        FakeClient bob = join(other, request("bob", BOB, "audio"));

        assertEquals(List.of("bob stream-bob audio"), other.recorder.last().tracks);
        assertEquals(List.of(ON), told(bob));
    }

    @Test
    void theNextHostGoesOn() {
        eva.moderate(new RecordRoom(true));
        RoomFixture next = noir.afterItsDeath();
        FakeClient back = next.client();
        back.resume(resumeRequest("eva", EVA));
        back.offer(TestSdp.offer("abcd", "stream-eva", "audio"));

        assertEquals(List.of("eva stream-eva audio"), next.recorder.last().tracks);
        assertEquals(List.of(ON), told(back));
    }
}
