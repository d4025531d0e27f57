package dev.noir.whip;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What an address means: where somebody joins a room, or the session that has come of that.
 *
 * @param way by which he joins
 * @param watched the peer that he wants to see; empty: whoever sends
 * @param session its address's last part; empty: it is where one joins
 */
record Target(Way way, String room, String watched, String session) {
    enum Way {
        WHIP,
        WHEP
    }

    private static final String SESSIONS = "sessions";
    private static final String UNRESERVED = "-._~"; // RFC 3986 §2.3, besides letters and digits.

    /** Empty: there is nothing at that address. */
    static Optional<Target> of(HttpServletRequest request) {
        String path = request.getPathInfo();
        return path == null
                ? Optional.empty()
                : of(request.getServletPath().equals("/whip") ? Way.WHIP : Way.WHEP, path);
    }

    /** @param path decoded, from the servlet's own on */
    static Optional<Target> of(Way way, String path) {
        List<String> parts = List.of(path.substring(1).split("/", -1));
        if (parts.contains("")) {
            return Optional.empty();
        }
        return switch (parts.size()) {
            case 1 -> Optional.of(new Target(way, parts.get(0), "", ""));
            case 2 -> way == Way.WHEP ? Optional.of(new Target(way, parts.get(0), parts.get(1), "")) : Optional.empty();
            case 3 ->
                parts.get(1).equals(SESSIONS)
                        ? Optional.of(new Target(way, parts.get(0), "", parts.get(2)))
                        : Optional.empty();
            default -> Optional.empty();
        };
    }

    boolean isSession() {
        return !session.isEmpty();
    }

    /**
     * Where the session is: a path from the root, for more clients than ours follow nothing shorter.
     *
     * @param context the application's own
     */
    String location(String context, SessionId id) {
        String own = way == Way.WHIP ? "/whip/" : "/whep/";
        return context + own + encoded(room) + "/" + SESSIONS + "/" + id.text();
    }

    private static String encoded(String segment) {
        StringBuilder text = new StringBuilder();
        for (byte octet : segment.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            boolean plain = (c >= '0' && c <= '9')
                    || (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || UNRESERVED.indexOf(c) >= 0;
            text.append(plain ? String.valueOf(c) : String.format("%%%02X", (int) c));
        }
        return text.toString();
    }
}
