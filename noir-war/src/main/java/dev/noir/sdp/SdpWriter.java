package dev.noir.sdp;

import java.util.List;

/** Prints what our answers and offers have in common. */
final class SdpWriter {
    /** RFC 8841 §6: the longest SCTP message we take, in bytes. */
    static final int MAX_MESSAGE_BYTES = 65_536;

    static final int SCTP_PORT = 5000;

    private final StringBuilder text = new StringBuilder();

    SdpWriter line(String line) {
        text.append(line).append("\r\n");
        return this;
    }

    SdpWriter attribute(String value) {
        return line("a=" + value);
    }

    void session(LocalParameters local, long version, List<String> bundle) {
        line("v=0");
        // RFC 8829 §5.2.1: the address is meaningless here.
        line("o=- " + local.sessionId() + " " + version + " IN IP4 0.0.0.0");
        line("s=-");
        line("t=0 0");
        if (!bundle.isEmpty()) {
            attribute("group:BUNDLE " + String.join(" ", bundle));
        }
        attribute("ice-lite");
        attribute("msid-semantic: WMS *");
    }

    /** RFC 8839 §4.2.1.2: port 9 and a null address stand for "see the candidates". */
    void section(String media, String protocol, String formats, String mid) {
        line("m=" + media + " 9 " + protocol + " " + formats);
        line("c=IN IP4 0.0.0.0");
        attribute("mid:" + mid);
    }

    void transport(LocalParameters local, String setup) {
        attribute("ice-ufrag:" + local.ice().ufrag());
        attribute("ice-pwd:" + local.ice().pwd());
        attribute("ice-options:trickle");
        attribute("fingerprint:sha-256 " + local.fingerprint().value());
        attribute("setup:" + setup);
    }

    void candidates(List<IceCandidate> candidates) {
        candidates.forEach(candidate -> attribute(candidate.print()));
        attribute("end-of-candidates");
    }

    /** A section that is refused or used up keeps its place (RFC 8829 §5.3.1). */
    void rejected(String media, String protocol, String formats, String mid) {
        line("m=" + media + " 0 " + protocol + " " + formats);
        line("c=IN IP4 0.0.0.0");
        if (!mid.isEmpty()) {
            attribute("mid:" + mid);
        }
    }

    String text() {
        return text.toString();
    }
}
