package dev.noir.restreaming;

import dev.noir.restreaming.HlsRun.Segment;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The playlist of a stream (RFC 8216) whose segments several programs have written, one after the other: between them there is a
 * discontinuity, and each has a head of its own.
 */
final class HlsPlaylist {
    /** Segments that players are told of. */
    static final int WINDOW = 6;

    /** That is in each folder: what decoders have to know first. */
    static final String HEAD = "init.mp4";

    private record Entry(HlsRun run, Segment segment, int discontinuity) {}

    private HlsPlaylist() {}

    /**
     * Empty when there is nothing to play yet.
     *
     * @param gone segments of runs that are not there any more
     * @param runsGone which had any
     */
    static String of(long gone, int runsGone, List<HlsRun> runs) {
        List<Entry> entries = new ArrayList<>();
        long end = gone;
        int discontinuity = runsGone;
        for (HlsRun run : runs) {
            int place = discontinuity;
            run.segments().forEach(segment -> entries.add(new Entry(run, segment, place)));
            end += run.end();
            discontinuity += run.end() == 0 ? 0 : 1;
        }
        if (entries.isEmpty()) {
            return "";
        }
        return write(entries.subList(Math.max(0, entries.size() - WINDOW), entries.size()), end);
    }

    private static String write(List<Entry> window, long end) {
        double longest = window.stream()
                .mapToDouble(entry -> entry.segment().seconds())
                .max()
                .orElse(1);
        StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
        text.append("#EXT-X-TARGETDURATION:")
                .append(Math.max(1, Math.round(longest)))
                .append('\n');
        text.append("#EXT-X-MEDIA-SEQUENCE:").append(end - window.size()).append('\n');
        text.append("#EXT-X-DISCONTINUITY-SEQUENCE:")
                .append(window.get(0).discontinuity())
                .append('\n');
        int run = 0; // None has this number.
        for (Entry entry : window) {
            if (entry.run().number() != run) {
                text.append(run == 0 ? "" : "#EXT-X-DISCONTINUITY\n");
                run = entry.run().number();
                text.append("#EXT-X-MAP:URI=\"")
                        .append(run)
                        .append('/')
                        .append(HEAD)
                        .append("\"\n");
            }
            write(text, entry);
        }
        return text.toString();
    }

    private static void write(StringBuilder text, Entry entry) {
        Segment segment = entry.segment();
        if (!segment.time().isEmpty()) {
            text.append("#EXT-X-PROGRAM-DATE-TIME:").append(segment.time()).append('\n');
        }
        text.append(
                String.format(Locale.ROOT, "#EXTINF:%.3f,%n", segment.seconds()).replace("\r", ""));
        text.append(entry.run().number()).append('/').append(segment.file()).append('\n');
    }
}
