package dev.noir.recording;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A fragment of a movie (ISO/IEC 14496-12 §8.8.4): of each track one run of samples, whose bytes lie together. */
final class Mp4Fragment {
    /** §8.8.3.1: it depends on no other, and is one to start at. */
    static final int KEY_FLAGS = 0x02000000;

    /** It depends on others, and is none. */
    static final int OTHER_FLAGS = 0x01010000;

    // §8.8.7.1: places count from the fragment's own.
    private static final int BASE_IS_FRAGMENT = 0x020000;

    // §8.8.8.1: what a run says.
    private static final int HAS_OFFSET = 0x000001;
    private static final int HAS_DURATIONS = 0x000100;
    private static final int HAS_SIZES = 0x000200;
    private static final int HAS_FLAGS = 0x000400;

    /** Where its type stands in it. */
    static final int TYPE = 4;

    /** Its type when all of it has been written. */
    static final byte[] WHOLE = "moof".getBytes(StandardCharsets.US_ASCII);

    private Mp4Fragment() {}

    /**
     * Writes one, as a free box: with half a fragment at its end FFmpeg and Chromium refuse a whole file, so it becomes one only when all
     * of it is there.
     *
     * @param to empty
     * @param sequence from 1 on
     * @param tracks those that have samples, which are taken from them
     */
    static void write(Boxes to, int sequence, List<Mp4Track> tracks) {
        List<Integer> offsets = new ArrayList<>(); // Where they stand: what they are is known at the end.
        List<List<Mp4Track.Sample>> runs = new ArrayList<>();
        to.box("free", moof -> {
            moof.full("mfhd", 0, 0, box -> box.number(sequence, 4));
            for (Mp4Track track : tracks) {
                long begin = track.begin();
                List<Mp4Track.Sample> samples = track.take();
                runs.add(samples);
                moof.box("traf", traf -> {
                    traf.full("tfhd", 0, BASE_IS_FRAGMENT, box -> box.number(track.number(), 4));
                    traf.full("tfdt", 1, 0, box -> box.number(begin, 8));
                    offsets.add(run(traf, samples, track.format().isVideo()));
                    if (!track.format().isVideo()) {
                        Mp4Header.preRoll(traf, samples.size());
                    }
                });
            }
        });
        int size = runs.stream().mapToInt(Mp4Fragment::size).sum();
        to.head("mdat", size);
        for (int i = 0; i < runs.size(); i++) {
            to.replace(offsets.get(i), to.size(), 4);
            runs.get(i).forEach(sample -> to.raw(sample.data()));
        }
    }

    /** Returns where its offset stands. */
    private static int run(Boxes traf, List<Mp4Track.Sample> samples, boolean video) {
        int[] offset = new int[1];
        int flags = HAS_OFFSET | HAS_DURATIONS | HAS_SIZES | (video ? HAS_FLAGS : 0);
        traf.full("trun", 0, flags, box -> {
            box.number(samples.size(), 4);
            offset[0] = box.size();
            box.number(0, 4);
            for (Mp4Track.Sample sample : samples) {
                box.number(sample.duration(), 4).number(sample.data().length, 4);
                if (video) {
                    box.number(sample.key() ? KEY_FLAGS : OTHER_FLAGS, 4);
                }
            }
        });
        return offset[0];
    }

    private static int size(List<Mp4Track.Sample> run) {
        return run.stream().mapToInt(sample -> sample.data().length).sum();
    }
}
