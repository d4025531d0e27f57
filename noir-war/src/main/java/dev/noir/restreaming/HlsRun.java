package dev.noir.restreaming;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What one program has written of a stream by now, as its playlist says (RFC 8216 §4.3).
 *
 * @param number of its folder
 * @param first number of the first segment that is still there, 0 being the first there was
 */
record HlsRun(int number, long first, List<Segment> segments) {
    /**
     * Some seconds.
     *
     * @param time when it began, as ISO 8601; may be empty
     */
    record Segment(String file, double seconds, String time) {}

    private static final Pattern SEGMENT = Pattern.compile("\\d{1,9}\\.m4s");
    private static final Pattern LINE =
            Pattern.compile("#EXT-X-(MEDIA-SEQUENCE):(\\d{1,9})|#(EXTINF):(\\d{1,4}(?:\\.\\d{1,9})?),.*"
                    + "|#EXT-X-(PROGRAM-DATE-TIME):([0-9TZ:.+-]{1,40})");

    HlsRun {
        segments = List.copyOf(segments);
    }

    /** What is unknown in it is skipped. */
    static HlsRun read(int number, String playlist) {
        long first = 0;
        double seconds = 0;
        String time = "";
        List<Segment> segments = new ArrayList<>();
        for (String line : playlist.lines().toList()) {
            Matcher found = LINE.matcher(line);
            if (SEGMENT.matcher(line).matches()) {
                segments.add(new Segment(line, seconds, time));
                time = "";
            } else if (found.matches() && found.group(1) != null) {
                first = Long.parseLong(found.group(2));
            } else if (found.matches() && found.group(3) != null) {
                seconds = Double.parseDouble(found.group(4));
            } else if (found.matches()) {
                time = found.group(6);
            }
        }
        return new HlsRun(number, first, segments);
    }

    /** How many segments there have been. */
    long end() {
        return first + segments.size();
    }
}
