package dev.noir.room;

import java.util.function.Consumer;

/** Port: where rooms are recorded to. Thread: any. */
public interface Recorder {
    /** Nothing can be recorded here. */
    Recorder NONE = new Recorder() {
        @Override
        public Session begin(RoomId room, Consumer<String> failed) {
            throw new RoomException(RoomException.Code.INVALID, "this server has no place for recordings");
        }

        @Override
        public boolean isOn() {
            return false;
        }

        @Override
        public boolean isAutomatic(RoomId room) {
            return false;
        }
    };

    /**
     * A room is recorded from now on. Must not block.
     *
     * @param failed told in words why nothing of it is recorded any more; once, on any thread
     * @throws RoomException when it cannot be recorded, in words
     */
    Session begin(RoomId room, Consumer<String> failed);

    /** Whether anything can be recorded here. */
    boolean isOn();

    /** Whether this room is recorded without anybody asking for it. */
    boolean isAutomatic(RoomId room);

    /** What is recorded of a room. Thread: rooms. */
    interface Session {
        /**
         * Another track.
         *
         * @return where its frames go
         */
        MediaTap.Events add(RecordedTrack track);

        /** It is over; files are ended soon. */
        void end();
    }

    /**
     * Whose frames these are.
     *
     * @param principal empty: anonymous
     * @param stream what belongs together, under the id that others see
     */
    record RecordedTrack(PeerName peer, String principal, String stream, String track, boolean video, boolean screen) {}
}
