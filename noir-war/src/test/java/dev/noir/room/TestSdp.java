package dev.noir.room;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Descriptions as a browser would write them, no longer than needed. */
public final class TestSdp {
    private static final String FINGERPRINT =
            "E3:3D:54:50:0F:5A:1A:FE:16:86:EA:3D:81:12:8A:6E:FE:73:E5:67:59:73:99:18:9A:D2:82:55:3F:DA:64:F0";
    private static final String SIMULCAST = String.join(
            "\r\n",
            "a=extmap:5 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id",
            "a=rid:low send",
            "a=rid:high send",
            "a=simulcast:send low;high",
            "");

    private TestSdp() {}

    /** What ion-sdk-js joins with. */
    public static String dataOnly() {
        return offer("abcd", "stream");
    }

    /**
     * A publisher's offer: m=application with mid 0, then the sections with mids from 1.
     *
     * @param sections "audio", "video", "simulcast-video" or "inactive-audio", "inactive-video"
     */
    public static String offer(String ufrag, String stream, String... sections) {
        StringBuilder sdp = new StringBuilder("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0");
        for (int mid = 1; mid <= sections.length; mid++) {
            sdp.append(' ').append(mid);
        }
        sdp.append("\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n")
                .append(transport(ufrag, "actpass"))
                .append("a=mid:0\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n");
        for (int mid = 1; mid <= sections.length; mid++) {
            sdp.append(section(ufrag, stream, sections[mid - 1], mid));
        }
        return sdp.toString();
    }

    private static String section(String ufrag, String stream, String what, int mid) {
        boolean audio = what.endsWith("audio");
        String direction = what.startsWith("inactive") ? "inactive" : "sendonly";
        String codec = audio
                ? "a=rtpmap:111 opus/48000/2\r\n"
                : "a=rtpmap:96 VP8/90000\r\na=rtcp-fb:96 nack\r\na=rtcp-fb:96 nack pli\r\n";
        return "m=" + (audio ? "audio" : "video") + " 9 UDP/TLS/RTP/SAVPF " + (audio ? 111 : 96)
                + "\r\nc=IN IP4 0.0.0.0\r\n" + transport(ufrag, "actpass") + "a=mid:" + mid + "\r\n"
                + "a=extmap:4 urn:ietf:params:rtp-hdrext:sdes:mid\r\n" + "a=" + direction + "\r\na=msid:" + stream
                + " track-" + mid + "\r\na=rtcp-mux\r\na=rtcp-rsize\r\n" + codec
                + (what.startsWith("simulcast") ? SIMULCAST : "a=ssrc:" + (1000 + mid) + " cname:x\r\n");
    }

    /** The offer of somebody who watches: sections with the mids "a" and "v", and numbers that are none of ours. */
    public static String viewer(String ufrag) {
        return "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE a v\r\n"
                + "m=audio 9 UDP/TLS/RTP/SAVPF 109\r\nc=IN IP4 0.0.0.0\r\n"
                + transport(ufrag, "actpass")
                + "a=mid:a\r\na=recvonly\r\na=rtcp-mux\r\na=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
                + "a=rtpmap:109 opus/48000/2\r\n"
                + "m=video 9 UDP/TLS/RTP/SAVPF 120 121\r\nc=IN IP4 0.0.0.0\r\n"
                + transport(ufrag, "actpass")
                + "a=mid:v\r\na=recvonly\r\na=rtcp-mux\r\na=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid\r\n"
                + "a=rtpmap:120 VP8/90000\r\na=rtpmap:121 rtx/90000\r\na=fmtp:121 apt=120\r\n";
    }

    private static String transport(String ufrag, String setup) {
        return "a=ice-ufrag:" + ufrag + "\r\na=ice-pwd:" + "p".repeat(24) + "\r\na=ice-options:trickle\r\n"
                + "a=fingerprint:sha-256 " + FINGERPRINT + "\r\na=setup:" + setup + "\r\n";
    }

    /** A subscriber's answer that accepts everything offered. */
    public static String answer(String offer) {
        List<String> lines = new ArrayList<>();
        for (String line : offer.lines().toList()) {
            if (line.startsWith("a=ice-ufrag:")) {
                lines.add("a=ice-ufrag:subs");
            } else if (line.startsWith("a=ice-pwd:")) {
                lines.add("a=ice-pwd:" + "q".repeat(24));
            } else if (line.startsWith("a=fingerprint:")) {
                lines.add("a=fingerprint:sha-256 " + FINGERPRINT);
            } else if (line.startsWith("a=setup:")) {
                lines.add("a=setup:active");
            } else if (line.equals("a=sendonly")) {
                lines.add("a=recvonly");
            } else if (!dropped(line)) {
                lines.add(line);
            }
        }
        return lines.stream().collect(Collectors.joining("\r\n", "", "\r\n"));
    }

    private static boolean dropped(String line) {
        return line.startsWith("a=ssrc")
                || line.startsWith("a=msid")
                || line.startsWith("a=candidate")
                || line.equals("a=end-of-candidates")
                || line.equals("a=ice-lite");
    }

    /** The values of an attribute, or of all m-lines for "m". */
    public static List<String> values(String sdp, String name) {
        String prefix = name.equals("m") ? "m=" : "a=" + name;
        return sdp.lines()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()).replaceFirst("^:", ""))
                .toList();
    }
}
