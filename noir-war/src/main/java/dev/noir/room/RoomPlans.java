package dev.noir.room;

import java.util.List;
import java.util.Optional;

/**
 * Port: what is laid down for rooms, whether they are open or not. Whoever opens a room reads it by {@link RoomDirectory#options};
 * an open one has to be told ({@link ModerationCommand.Reload}). Thread: any; may block for a network round trip, and throws {@link
 * RoomException} UNAVAILABLE when the shared store can't be asked.
 */
public interface RoomPlans {
    /** Of more rooms than these {@link #addPlan} refuses to keep plans. */
    int MAX_PLANS = 100_000;

    Optional<RoomPlan> plan(RoomId room);

    /**
     * Where there is none yet; one step.
     *
     * @return false: there is one, and nothing has changed
     * @throws RoomException TOO_MANY when there are {@link #MAX_PLANS}
     */
    boolean addPlan(RoomId room, RoomPlan plan);

    /** In the place of the one that there is, or where there is none. Throws as {@link #addPlan}. */
    void savePlan(RoomId room, RoomPlan plan);

    /** False: there was none. */
    boolean removePlan(RoomId room);

    /**
     * Rooms with a plan that was laid down through this port, in the {@link RoomId#ORDER}.
     *
     * @param after where to go on; empty: from the first
     */
    List<RoomId> plans(String after, int limit);
}
