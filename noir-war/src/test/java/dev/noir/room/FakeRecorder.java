package dev.noir.room;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Notes what it is to record. */
final class FakeRecorder implements Recorder {
    final List<FakeSession> sessions = new ArrayList<>();
    boolean automatic;
    boolean refuses;

    /** One room. */
    static final class FakeSession implements Session {
        final Consumer<String> failed;
        final List<String> tracks = new ArrayList<>();
        final List<String> ended = new ArrayList<>();
        boolean over;

        FakeSession(Consumer<String> failed) {
            this.failed = failed;
        }

        @Override
        public MediaTap.Events add(RecordedTrack track) {
            String what = track.peer() + " " + track.stream() + (track.video() ? " video" : " audio");
            tracks.add(what);
            return new MediaTap.Events() {
                @Override
                public void onFrame(EncodedFrame frame) {}

                @Override
                public void onGap(int lostPackets) {}

                @Override
                public void onEnded() {
                    ended.add(what);
                }
            };
        }

        @Override
        public void end() {
            over = true;
        }
    }

    FakeSession last() {
        return sessions.get(sessions.size() - 1);
    }

    @Override
    public Session begin(RoomId room, Consumer<String> failed) {
        if (refuses) {
            throw new RoomException(RoomException.Code.INVALID, "this server has no place for recordings");
        }
        FakeSession session = new FakeSession(failed);
        sessions.add(session);
        return session;
    }

    @Override
    public boolean isOn() {
        return false;
    }

    @Override
    public boolean isAutomatic(RoomId room) {
        return automatic;
    }
}
