package dev.noir.room;

import java.util.random.RandomGenerator;

/** What every room of the node shares. */
record RoomContext(
        RoomLimits limits,
        Scheduler scheduler,
        RandomGenerator random,
        ApiMessages apiMessages,
        RoomEvents events,
        RoomAccess access) {}
