package dev.noir.room;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A room's place among those hosted here. Claiming and giving up the lease may block, so both are tasks of the room: only
 * those who want this room wait, and nobody meets a closed one. Thread: rooms, but for {@code execute} and {@code room}.
 */
final class RoomSlot {
    // Given.
    private final RoomId id;
    private final RoomDirectory directory;
    private final BiFunction<RoomLease, RoomSlot, Room> opener;
    private final SerialExecutor tasks;

    // State. Written by tasks; read by whoever asks what is hosted here.
    private volatile @Nullable Room room;

    RoomSlot(RoomId id, RoomDirectory directory, BiFunction<RoomLease, RoomSlot, Room> opener, SerialExecutor tasks) {
        this.id = id;
        this.directory = directory;
        this.opener = opener;
        this.tasks = tasks;
    }

    RoomId id() {
        return id;
    }

    /** Null while it is being claimed, and after it has closed. Thread: any. */
    @Nullable
    Room room() {
        return room;
    }

    RoomDirectory directory() {
        return directory;
    }

    Executor tasks() {
        return tasks;
    }

    /** Thread: any. @throws RoomException when the room has too much to do to be asked for more */
    void ask(Runnable request) {
        if (!tasks.offer(request)) {
            throw new RoomException(RoomException.Code.UNAVAILABLE, "the room has too much to do");
        }
    }

    /** For what must be done. Thread: any. */
    void execute(Runnable task) {
        tasks.execute(task);
    }

    /** The room, claimed and opened if it is not. */
    Room open() {
        Room open = room;
        if (open != null) {
            return open;
        }
        RoomLease lease = directory.claim(id);
        if (!lease.node().equals(directory.node())) {
            throw RoomException.moved(lease.node());
        }
        try {
            open = opener.apply(lease, this);
        } catch (RuntimeException e) {
            giveUp(lease, Duration.ZERO);
            throw e;
        }
        room = open;
        return open;
    }

    /**
     * Opens the room if it is not, and closes it again: what its last host has left open ends. What was laid down for it stays for who opens
     * it next.
     */
    void settle() {
        if (room == null) {
            inPassing(opened -> {});
        }
    }

    /** Does something in the room, which opens for that, and closes, if it is not open. */
    void inPassing(Consumer<Room> action) {
        boolean wasOpen = room != null;
        Room opened = open();
        if (wasOpen) {
            action.accept(opened);
            return;
        }
        room = null;
        try {
            action.accept(opened);
        } finally {
            opened.close();
            giveUp(opened.lease(), Duration.ZERO);
        }
    }

    /** Nobody needs the room: it closes and is given up. */
    void close() {
        Room closing = room;
        if (closing != null) {
            room = null;
            closing.moderation().ended();
            closing.close();
            giveUp(closing.lease(), Duration.ZERO);
        }
    }

    /** The room's time is over, or its media is gone. Joins that wait open it anew, if they may. */
    void end(Room ending, CloseCause cause, Duration reserve) {
        if (room == ending) {
            room = null;
            ending.moderation().ended();
            ending.closeAllPeers(cause);
            ending.close();
            giveUp(ending.lease(), reserve);
        }
    }

    /** Gives the room to whoever claims it next, then sends its peers there. */
    void handOver(CloseCause otherwise) {
        Room leaving = room;
        if (leaving != null) {
            room = null;
            giveUp(leaving.lease(), Duration.ZERO);
            leaving.moveAllPeers(otherwise);
            leaving.close();
        }
    }

    /** Closes the room if it was opened under this lease, which is not in force any more. */
    boolean fence(RoomLease lost) {
        Room outdated = room;
        if (outdated == null || !outdated.lease().equals(lost)) {
            return false;
        }
        room = null;
        outdated.moveAllPeers(CloseCause.ROOM_MOVED);
        outdated.close();
        return true;
    }

    private void giveUp(RoomLease lease, Duration reserve) {
        try {
            directory.release(lease, reserve);
        } catch (RoomException e) {
            // The store is away; the lease, which nobody renews any more, runs out by itself.
            Room.LOG.log(System.Logger.Level.INFO, () -> id + ": not released: " + e.getMessage());
        }
    }
}
