package dev.noir.signal;

import dev.noir.access.NameRule;
import dev.noir.lease.LocalRoomDirectory;
import dev.noir.room.FakeMediaPlane;
import dev.noir.room.FakeScheduler;
import dev.noir.room.RoomLimits;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomService;
import dev.noir.room.TestAccess;
import java.util.Random;

/** Rooms of a node alone that lets everybody in; everything is real but media and time. */
public final class TestRooms {
    private TestRooms() {}

    public static RoomService open(FakeScheduler scheduler) {
        return new RoomService(
                RoomOptions.DEFAULT,
                RoomLimits.DEFAULT,
                new LocalRoomDirectory("n"),
                new FakeMediaPlane(),
                new JsonApiMessages(),
                scheduler,
                Runnable::run,
                new Random(1),
                TestAccess.open(scheduler));
    }

    public static SignalServer served(RoomService rooms, FakeScheduler scheduler) {
        return new SignalServer(
                SignalLimits.DEFAULT, rooms, scheduler, Runnable::run, new Random(2), NameRule.PRINCIPAL);
    }
}
