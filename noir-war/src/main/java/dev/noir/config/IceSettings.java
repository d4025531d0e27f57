package dev.noir.config;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How clients find their way to media.
 *
 * @param tcp they may come by TCP, too, on the same ports
 * @param servers STUN and TURN servers that clients of WHIP and WHEP are told of, as URIs of RFC 7064 and 7065
 * @param username at the TURN servers; empty: they ask for none
 * @param credential the password there; it is told to everybody who is let in
 */
public record IceSettings(boolean tcp, List<String> servers, String username, String credential) {
    static final Setting<Boolean> TCP = new Setting<>(
            "noir.media.tcp", "true", false, Values.oneOf("true", "false").andThen(Boolean::valueOf));

    static final Setting<List<String>> SERVERS =
            new Setting<>("noir.ice.servers", "", false, Values.list(IceSettings::server));

    static final Setting<String> USERNAME = new Setting<>("noir.ice.username", "", false, IceSettings::quotable);

    static final Setting<String> CREDENTIAL = new Setting<>("noir.ice.credential", "", true, IceSettings::quotable);

    static final List<Setting<?>> ALL = List.of(TCP, SERVERS, USERNAME, CREDENTIAL);

    private static final Pattern STUN = Pattern.compile("stuns?:(?<host>[^?]+)");
    private static final Pattern TURN = Pattern.compile("turns?:(?<host>[^?]+)(\\?transport=(udp|tcp))?");
    private static final Pattern HOST = Pattern.compile("([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])(:\\d{1,5})?");
    private static final Pattern QUOTABLE = Pattern.compile("[ -~&&[^\"\\\\]]*"); // As it is within quotes of a header.

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<IceSettings> load(NoirConfig.Reader reader) {
        Optional<Boolean> tcp = reader.read(TCP);
        Optional<List<String>> servers = reader.read(SERVERS);
        Optional<String> username = reader.read(USERNAME);
        Optional<String> credential = reader.read(CREDENTIAL);
        if (username.orElse("").isEmpty() != credential.orElse("").isEmpty()) {
            reader.problem("noir.ice.username and noir.ice.credential: TURN servers need both, or neither");
            return Optional.empty();
        }
        return tcp.flatMap(
                way -> servers.map(uris -> new IceSettings(way, uris, username.orElse(""), credential.orElse(""))));
    }

    private static String server(String text) {
        String uri = text.toLowerCase(Locale.ROOT);
        for (Pattern form : List.of(STUN, TURN)) {
            Matcher matcher = form.matcher(uri);
            if (matcher.matches() && HOST.matcher(matcher.group("host")).matches()) {
                return uri;
            }
        }
        throw new IllegalArgumentException(
                "is no server like stun:stun.example.org:3478 or" + " turn:turn.example.org?transport=udp");
    }

    private static String quotable(String text) {
        if (!QUOTABLE.matcher(text).matches()) {
            throw new IllegalArgumentException("has other characters than those of ASCII without \" and \\");
        }
        return text;
    }
}
