package dev.noir.room;

import java.lang.System.Logger.Level;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whether a room is recorded, and the taps of its tracks while it is. Everybody in it is told. Thread: rooms. */
final class Recording {
    private record Tapped(MediaTap tap, MediaTap.Events frames) {
        void end() {
            tap.close();
            frames.onEnded();
        }
    }

    // Given.
    private final Room room;
    private final Recorder recorder;

    // State.
    private final Map<Track, Tapped> taps = new LinkedHashMap<>();
    private volatile Recorder.@Nullable Session session; // Others look at the room as a whole.
    private int begun;

    Recording(Room room, Recorder recorder) {
        this.room = room;
        this.recorder = recorder;
    }

    /** Thread: any. */
    boolean isOn() {
        return session != null;
    }

    /** What somebody has said holds, else what is laid down for the room, else what the server does with rooms of that name. */
    private boolean isWanted() {
        return room.moderation()
                .state()
                .recorded()
                .or(() -> room.terms().options().record())
                .orElseGet(() -> recorder.isAutomatic(room.id()));
    }

    /**
     * Begins or ends as it is wanted now.
     *
     * @throws RoomException when it cannot begin
     */
    void review() {
        if (isWanted() && !isOn()) {
            begin();
        } else if (!isWanted() && isOn()) {
            end("");
        }
    }

    /** The same where nobody is there to be told that it cannot. */
    void start() {
        try {
            review();
        } catch (RoomException e) {
            Room.LOG.log(Level.WARNING, () -> room.id() + ": is not recorded: " + e.getMessage());
        }
    }

    private void begin() {
        int turn = ++begun;
        session = recorder.begin(room.id(), why -> room.execute(() -> failed(turn, why)));
        for (Peer peer : room.peers()) {
            peer.ingress().tracks().stream().filter(Track::isOffered).forEach(this::added);
        }
        tell(true, "");
    }

    private void failed(int turn, String why) {
        if (turn == begun && isOn()) {
            Room.LOG.log(Level.WARNING, () -> room.id() + ": is not recorded any more: " + why);
            room.moderation().notRecorded();
            end(why);
        }
    }

    private void end(String why) {
        stop();
        tell(false, why);
    }

    private void tell(boolean on, String why) {
        room.news().recorded(on);
        room.peers().forEach(peer -> peer.link().notify(new Notification.RecordingChanged(on, why)));
    }

    /** A newcomer has to know. */
    void greet(Peer peer) {
        if (isOn()) {
            peer.link().notify(new Notification.RecordingChanged(true, ""));
        }
    }

    /** Others are offered this track; what is played to those who wait is no part of the meeting. */
    void added(Track track) {
        if (session != null && !track.isOfLobby() && !taps.containsKey(track)) {
            MediaTap.Events frames = session.add(describe(track));
            taps.put(track, new Tapped(track.media().tap(frames), frames));
        }
    }

    static Recorder.RecordedTrack describe(Track track) {
        return new Recorder.RecordedTrack(
                track.owner().name(),
                track.owner().caller().principal(),
                track.published().streamId(),
                track.published().trackId(),
                track.medium() == Medium.VIDEO,
                track.published().screen());
    }

    /** Nobody is offered it any more. */
    void removed(Track track) {
        Tapped tapped = taps.remove(track);
        if (tapped != null) {
            tapped.end();
        }
    }

    /** Nothing more is recorded, of no track. */
    void stop() {
        taps.values().forEach(tapped -> tapped.tap().close());
        taps.clear();
        Recorder.Session over = session;
        session = null;
        if (over != null) {
            over.end();
        }
    }
}
