package dev.noir.recording;

import java.util.ArrayList;
import java.util.List;

/**
 * Where a player can begin: the last box of a file (ISO/IEC 14496-12 §8.8.9), with the key frames of video, or all fragments where there is
 * none. Thread: one at a time.
 */
final class Mp4Index {
    /**
     * One such place, the first sample of a run.
     *
     * @param time in the track's units
     * @param position of the fragment in the file
     * @param run the track's place in the fragment, from 1 on
     */
    private record Entry(long time, long position, int run) {}

    private record Lane(Mp4Track track, List<Entry> entries) {}

    private final List<Lane> lanes = new ArrayList<>();

    Mp4Index(List<Mp4Track> tracks) {
        boolean hasVideo = tracks.stream().anyMatch(track -> track.format().isVideo());
        for (Mp4Track track : tracks) {
            if (track.format().isVideo() || !hasVideo) {
                lanes.add(new Lane(track, new ArrayList<>()));
            }
        }
    }

    /**
     * A fragment is going to be written.
     *
     * @param tracks those that have samples in it
     * @param position of it
     */
    void add(List<Mp4Track> tracks, long position) {
        for (Lane lane : lanes) {
            int run = tracks.indexOf(lane.track) + 1;
            if (run > 0 && lane.track.beginsWithKey()) {
                lane.entries.add(new Entry(lane.track.begin(), position, run));
            }
        }
    }

    byte[] bytes() {
        Boxes index = new Boxes();
        index.box("mfra", mfra -> {
            for (Lane lane : lanes) {
                mfra.full("tfra", 1, 0, box -> {
                    // Numbers of runs, and of samples in them, have one byte.
                    box.number(lane.track.number(), 4).number(0, 4).number(lane.entries.size(), 4);
                    for (Entry entry : lane.entries) {
                        box.number(entry.time, 8)
                                .number(entry.position, 8)
                                .number(entry.run, 1)
                                .number(1, 1)
                                .number(1, 1);
                    }
                });
            }
            // How far it is from its end to its beginning: whoever has the end finds the rest.
            mfra.full("mfro", 0, 0, box -> box.number(box.size() + 4L, 4));
        });
        return index.toBytes();
    }
}
