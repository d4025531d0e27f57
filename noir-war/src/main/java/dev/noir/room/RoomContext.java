package dev.noir.room;

import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/**
 * What every room of the node shares.
 *
 * @param floods counts messages that went nowhere, and channels that were closed, for what a room passes on
 */
record RoomContext(
        RoomLimits limits,
        Scheduler scheduler,
        RandomGenerator random,
        ApiMessages apiMessages,
        RoomEvents events,
        RoomAccess access,
        Recorder recorder,
        Projector projector,
        AtomicLong floods) {}
