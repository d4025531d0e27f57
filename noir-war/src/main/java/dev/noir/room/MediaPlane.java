package dev.noir.room;

import java.util.concurrent.Executor;

/** Port: the SFU. Thread: any. */
public interface MediaPlane {
    /**
     * Gives a room its place.
     *
     * @param events where everything this room's media has to say runs, in order
     * @param listener called there
     */
    MediaRoom openRoom(RoomId room, Executor events, MediaRoom.Events listener);
}
