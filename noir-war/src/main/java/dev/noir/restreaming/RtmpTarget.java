package dev.noir.restreaming;

import dev.noir.access.Addresses;
import dev.noir.room.RoomException;
import dev.noir.room.RoomException.Code;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Where a stream is sent to by RTMP. All behind the host may be secret: who knows a stream's key can send in its owner's name. So it
 * is shown to nobody.
 *
 * @param scheme {@code rtmp} or {@code rtmps}
 * @param host a name of the DNS, or an address, of IPv6 in brackets
 * @param port 0: the scheme's own
 * @param path from its slash on, with the query
 */
record RtmpTarget(String scheme, String host, int port, String path) {
    static final int MAX_CHARS = 1000;

    private static final String NAME = "(?:[a-z0-9][a-z0-9-]{0,62}\\.)*[a-z][a-z0-9-]{0,62}\\.?";
    private static final String HIDDEN = "***";
    private static final int MAX_PORT = 65_535;
    private static final int SHORTEST_SECRET = 3; // Shorter parts are found in any text.
    private static final List<String> SCHEMES = List.of("rtmp", "rtmps");

    /** @throws RoomException INVALID, which does not repeat what is secret */
    static RtmpTarget parse(String text) {
        URI uri;
        try {
            if (text.length() > MAX_CHARS) {
                throw invalid("it has more than " + MAX_CHARS + " characters");
            }
            uri = new URI(text);
        } catch (URISyntaxException e) { // Its message has the text in it.
            throw invalid("it is no URL");
        }
        String host = uri.getHost();
        if (uri.getScheme() == null || !SCHEMES.contains(uri.getScheme())) {
            throw invalid("it has to begin with rtmp:// or rtmps://");
        }
        if (host == null || uri.getRawUserInfo() != null || uri.getRawFragment() != null) {
            throw invalid("it has to be rtmp://host[:port]/application/key, without a user and #");
        }
        if (!isHost(host)) { // Numbers in odd spellings mean different addresses to different programs.
            throw invalid("its host is neither a name nor an address");
        }
        if (uri.getPort() == 0 || uri.getPort() > MAX_PORT) {
            throw invalid("there is no such port");
        }
        String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
        if (uri.getRawPath().length() < 2) {
            throw invalid("it says no application");
        }
        return new RtmpTarget(uri.getScheme(), host, Math.max(uri.getPort(), 0), uri.getRawPath() + query);
    }

    private static boolean isHost(String host) {
        boolean literal = Addresses.literal(host.replaceAll("^\\[|]$", "")).isPresent();
        return literal || host.toLowerCase(Locale.ROOT).matches(NAME);
    }

    private static RoomException invalid(String why) {
        return new RoomException(Code.INVALID, "url: " + why);
    }

    /** Whether all of it goes through TLS. */
    boolean isEncrypted() {
        return scheme.equals("rtmps");
    }

    /** @param at the same host, by its name or by an address */
    String url(String at) {
        return place(at) + path;
    }

    private String place(String at) {
        return scheme + "://" + at + (port == 0 ? "" : ":" + port);
    }

    /** What the far end is told that it was called: its address with the application, which are one or two parts of the path. */
    String application() {
        String[] parts = path.substring(1).split("/", -1);
        return place(host) + "/" + String.join("/", Arrays.copyOf(parts, parts.length > 2 ? 2 : 1));
    }

    /** For people. */
    @Override
    public String toString() {
        return place(host) + "/" + HIDDEN;
    }

    /** Without anything of what is secret. */
    String masked(String text) {
        String masked = text;
        for (String secret : (Iterable<String>) secrets()::iterator) {
            masked = masked.replace(secret, HIDDEN);
        }
        return masked;
    }

    /** The longest first: what is a part of another must not hide that. */
    private Stream<String> secrets() {
        return Stream.concat(
                        Stream.of(path, path.substring(1), path.substring(path.lastIndexOf('/') + 1)),
                        Arrays.stream(path.split("[/?&=;,]", -1)))
                .filter(part -> part.length() >= SHORTEST_SECRET)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed());
    }
}
