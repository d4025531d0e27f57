package dev.noir.sdp;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A candidate of the only component we have (RFC 8839 §5.1), for UDP, or a passive one for TCP (RFC 6544 §4.5).
 *
 * @param tcp ours alone; a client's are of no use to us
 * @param priority RFC 8445 §5.1.2, 1 to 2^31 - 1
 * @param address an IP literal, never a name
 * @param type host, srflx, prflx or relay
 */
public record IceCandidate(boolean tcp, String foundation, long priority, String address, int port, String type) {
    private static final String PREFIX = "candidate:";
    private static final int MAX_CHARS = 1024;
    private static final int MAX_TOKENS = 64;
    private static final int MANDATORY_TOKENS = 8;
    private static final int RTP_COMPONENT = 1;
    private static final int HOST_TYPE_PREFERENCE = 126;
    private static final int MAX_LOCAL_PREFERENCE = 65_535;
    private static final int TCP_TYPE_PREFERENCE = 90; // As libwebrtc's: below all that is UDP and not relayed.
    private static final int PASSIVE_PREFERENCE = 4 << 13; // RFC 6544 §4.2: of a host candidate.
    private static final int MAX_OTHER_PREFERENCE = (1 << 13) - 1;
    private static final int TCP_FOUNDATIONS = 1000; // RFC 8445 §5.1.1.3: none that a UDP candidate has.

    /** Our own candidate number {@code index}, 0 = the address a client should try first. */
    public static IceCandidate host(int index, String address, int port) {
        // RFC 8445 §5.1.2.1.
        long priority = ((long) HOST_TYPE_PREFERENCE << 24)
                | ((long) (MAX_LOCAL_PREFERENCE - index) << 8)
                | (256 - RTP_COMPONENT);
        return new IceCandidate(false, Integer.toString(index + 1), priority, address, port, "host");
    }

    /** Our own TCP candidate number {@code index}: to be tried when no UDP comes through. */
    public static IceCandidate passive(int index, String address, int port) {
        // RFC 6544 §4.2.
        long priority = ((long) TCP_TYPE_PREFERENCE << 24)
                | ((long) (PASSIVE_PREFERENCE + MAX_OTHER_PREFERENCE - index) << 8)
                | (256 - RTP_COMPONENT);
        return new IceCandidate(true, Integer.toString(TCP_FOUNDATIONS + index + 1), priority, address, port, "host");
    }

    /** The {@code candidate} member of a trickled candidate; also an SDP line when {@code a=} is put before it. */
    public String print() {
        return PREFIX + foundation + " " + RTP_COMPONENT + (tcp ? " tcp " : " udp ") + priority + " " + address + " "
                + port + " typ " + type + (tcp ? " tcptype passive" : "");
    }

    /**
     * Reads a trickled candidate. Empty: well-formed but of no use to us, i.e. the end marker, TCP, a second component
     * (Firefox sends those before it knows about rtcp-mux), or a name such as {@code <uuid>.local}.
     *
     * @throws SdpException when it is no candidate at all
     */
    public static Optional<IceCandidate> parse(String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        if (text.length() > MAX_CHARS) {
            throw new SdpException("the candidate is longer than " + MAX_CHARS + " characters");
        }
        String line = text.startsWith("a=") ? text.substring(2) : text;
        if (!line.startsWith(PREFIX)) {
            throw new SdpException("the candidate does not begin with \"candidate:\"");
        }
        List<String> tokens = Tokens.split(line.substring(PREFIX.length()).strip(), ' ', MAX_TOKENS, "candidate");
        if (tokens.size() < MANDATORY_TOKENS || !tokens.get(6).equals("typ")) {
            throw new SdpException("the candidate has too few fields");
        }
        long component = Tokens.number(tokens.get(1), 256, "candidate component");
        long priority = Tokens.number(tokens.get(3), 0xFFFF_FFFFL, "candidate priority");
        String address = tokens.get(4);
        int port = (int) Tokens.number(tokens.get(5), 65_535, "candidate port");
        boolean literal = checkAddress(address);
        boolean udp = tokens.get(2).toLowerCase(Locale.ROOT).equals("udp");
        return udp && literal && component == RTP_COMPONENT
                ? Optional.of(new IceCandidate(false, tokens.get(0), priority, address, port, tokens.get(7)))
                : Optional.empty();
    }

    /** True for an IP literal, false for a host name; looks at characters only, so that nothing is ever resolved. */
    private static boolean checkAddress(String address) {
        boolean literal = address.indexOf(':') >= 0 || Tokens.isDigit(address.charAt(address.length() - 1));
        for (int i = 0; i < address.length(); i++) {
            char c = address.charAt(i);
            boolean inLiteral = Tokens.isDigit(c)
                    || c == '.'
                    || c == ':'
                    || c == '%'
                    || (c >= 'a' && c <= 'f')
                    || (c >= 'A' && c <= 'F');
            boolean inName = Tokens.isTokenChar(c);
            if (!inLiteral && !inName) {
                throw new SdpException("the candidate's address has a strange character");
            }
            literal &= inLiteral;
        }
        return literal;
    }
}
