package dev.noir.bot.rtc;

import java.util.HashMap;
import java.util.Map;

/** What the server's offer says of the tracks that it has for us. */
final class Sections {
    /**
     * A section that brings a track.
     *
     * @param stream and track are of {@code a=msid} (RFC 8830)
     */
    record Section(String stream, String track, boolean video) {}

    private Sections() {}

    /** By {@code a=mid}; only those in which something is sent. */
    static Map<String, Section> of(String sdp) {
        Map<String, Section> found = new HashMap<>();
        for (String section : sdp.split("(?m)^m=", -1)) {
            boolean video = section.startsWith("video ");
            boolean sends = section.contains("\na=sendonly") || section.contains("\na=sendrecv");
            String mid = value(section, "\na=mid:");
            String[] msid = value(section, "\na=msid:").split(" ", 2);
            if ((video || section.startsWith("audio ")) && sends && !mid.isEmpty() && msid.length == 2) {
                found.put(mid, new Section(msid[0], msid[1], video));
            }
        }
        return found;
    }

    /** Up to the end of the line; empty when there is no such line. */
    private static String value(String section, String prefix) {
        int begin = section.indexOf(prefix);
        if (begin < 0) {
            return "";
        }
        begin += prefix.length();
        int end = section.indexOf('\n', begin);
        return section.substring(begin, end < 0 ? section.length() : end).strip();
    }
}
