package dev.noir.room;

import dev.noir.access.Entrance;
import dev.noir.access.Invitations;
import dev.noir.access.OpenEntrance;
import dev.noir.access.TakenName;
import java.time.Instant;
import java.time.InstantSource;

/** Who may come in, in tests: everybody. The time of day is that of the test's scheduler. */
public final class TestAccess {
    public static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

    /** Of what is shown at doors. */
    private static final byte[] KEY = {1};

    private TestAccess() {}

    public static RoomAccess open(Scheduler scheduler) {
        return of(new OpenEntrance(), TakenName.REPLACE, scheduler);
    }

    public static RoomAccess of(Entrance entrance, TakenName taken, Scheduler scheduler) {
        InstantSource clock = () -> START.plusNanos(scheduler.nanoTime());
        return new RoomAccess(entrance, taken, new Invitations(KEY.clone(), clock), clock);
    }
}
