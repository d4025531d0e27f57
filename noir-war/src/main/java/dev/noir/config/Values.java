package dev.noir.config;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.regex.Pattern;

/** How the text of a setting becomes a value. Every message completes "noir.x.y: 'text' …". */
final class Values {
    private static final Pattern COMMA = Pattern.compile(",");

    /** Names are not resolved: an answer of the DNS at start would decide where media goes until the next start. */
    private static final Pattern ADDRESS_LITERAL = Pattern.compile("[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%\\w+)?");

    private static final Pattern HOST_NAME = Pattern.compile(
            "(\\*\\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*|\\[[0-9a-f:.]+]");

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{16,}");

    private Values() {}

    /** 0 asks the system for a free port, as tests do. */
    static Function<String, Integer> port() {
        return wholeNumber(0, 65_535);
    }

    static Function<String, OptionalInt> noneOrPort() {
        return text -> text.isEmpty() ? OptionalInt.empty() : OptionalInt.of(port().apply(text));
    }

    static Function<String, OptionalInt> wordNoneOrPort() {
        return text -> text.equals("none")
                ? OptionalInt.empty()
                : OptionalInt.of(wholeNumber(1, 65_535).apply(text));
    }

    /** "auto" is 0, which is no port that anybody could be told. */
    static Function<String, OptionalInt> autoNoneOrPort() {
        return text -> switch (text) {
            case "auto" -> OptionalInt.of(0);
            case "none" -> OptionalInt.empty();
            default -> OptionalInt.of(wholeNumber(1, 65_535).apply(text));
        };
    }

    static Function<String, Integer> wholeNumber(int lowest, int highest) {
        return text -> {
            try {
                int value = Integer.parseInt(text);
                if (value >= lowest && value <= highest) {
                    return value;
                }
            } catch (NumberFormatException e) {
                throw notANumber(lowest, highest, e);
            }
            throw notANumber(lowest, highest, null);
        };
    }

    static Function<String, Duration> seconds(int lowest, int highest) {
        return wholeNumber(lowest, highest).andThen(Duration::ofSeconds);
    }

    /** What nobody can guess by trying; printable, since it travels in a header (RFC 6750 §2.1). */
    static Function<String, String> token() {
        return text -> {
            if (!text.isEmpty() && !TOKEN.matcher(text).matches()) {
                throw new IllegalArgumentException("is not 16 or more letters, digits or any of -._~+/=");
            }
            return text;
        };
    }

    static <T> Function<String, List<T>> list(Function<String, T> element) {
        return text -> {
            List<T> values = new ArrayList<>();
            for (String part : COMMA.split(text, -1)) {
                String trimmed = part.strip();
                if (!trimmed.isEmpty()) {
                    values.add(element.apply(trimmed));
                }
            }
            return List.copyOf(values);
        };
    }

    static <T> Function<String, List<T>> nonEmpty(Function<String, List<T>> list) {
        return text -> {
            List<T> values = list.apply(text);
            if (values.isEmpty()) {
                throw new IllegalArgumentException("is empty; at least one is needed");
            }
            return values;
        };
    }

    static <T> Function<String, List<T>> autoOr(Function<String, List<T>> list) {
        return text -> text.equalsIgnoreCase("auto") ? List.of() : list.apply(text);
    }

    static Function<String, InetAddress> address() {
        return text -> {
            if (ADDRESS_LITERAL.matcher(text).matches()) {
                try {
                    return InetAddress.getByName(text);
                } catch (UnknownHostException e) {
                    throw new IllegalArgumentException("is not an IPv4 or IPv6 address", e);
                }
            }
            throw new IllegalArgumentException("is not an IPv4 or IPv6 address (names are not looked up)");
        };
    }

    /** CIDR (RFC 4632 §3.1), or one address. */
    static Function<String, String> network() {
        return text -> {
            int slash = text.indexOf('/');
            InetAddress first = address().apply(slash < 0 ? text : text.substring(0, slash));
            int bits = first.getAddress().length * Byte.SIZE;
            int length = slash < 0 ? bits : wholeNumber(0, bits).apply(text.substring(slash + 1));
            return first.getHostAddress() + "/" + length;
        };
    }

    static <T> Function<String, List<T>> noneOr(Function<String, List<T>> list) {
        return text -> text.equalsIgnoreCase("none") ? List.of() : list.apply(text);
    }

    /** As it stands in a URL, without a port; lower case. {@code *.example.org}: whatever is below. */
    static Function<String, String> hostName() {
        return text -> {
            String host = text.toLowerCase(Locale.ROOT);
            if (!HOST_NAME.matcher(host).matches()) {
                throw new IllegalArgumentException(
                        "is not a host name or address like video.example.org (without a port)");
            }
            return host;
        };
    }

    /** Role names, comma separated, * for everybody, ** for who is logged in, - for nobody. */
    static Function<String, String> roles(boolean also) {
        return text -> {
            for (String part : COMMA.split(text, -1)) {
                String name = part.strip();
                boolean all = name.equals("*") || name.equals("**");
                if (all && !also) {
                    throw new IllegalArgumentException("would let everybody administer; name roles");
                }
                if (!all && name.indexOf('*') >= 0) {
                    throw new IllegalArgumentException(
                            "has an asterisk in a role's name; * is everybody, ** who is logged in");
                }
            }
            return text;
        };
    }

    /** RFC 6454 §6.2, without a path; a single asterisk allows all. Lower case, as browsers send it. */
    static Function<String, String> origin() {
        return text -> {
            if (text.equals("*")) {
                return text;
            }
            String origin = text.toLowerCase(Locale.ROOT);
            URI uri;
            try {
                uri = URI.create(origin);
            } catch (IllegalArgumentException e) {
                throw notAnOrigin(e);
            }
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (!http
                    || uri.getHost() == null
                    || uri.getRawPath() == null
                    || !uri.getRawPath().isEmpty()) {
                throw notAnOrigin(null);
            }
            return origin;
        };
    }

    /** Its kind only. */
    static Function<String, String> redisUrl() {
        return matching(
                "|rediss?(-sentinel|-cluster)?://.+",
                "is not a URL of redis://, rediss://, redis-sentinel://, redis-cluster:// or their rediss- forms");
    }

    /** It becomes a part of keys in Redis. */
    static Function<String, String> nodeId() {
        return matching("[A-Za-z0-9._-]{0,64}", "is not up to 64 letters, digits, dots, underscores and hyphens");
    }

    /** Not one that can be guessed by trying. */
    static Function<String, String> secret() {
        return matching("|.{16,}", "has less than 16 characters");
    }

    private static Function<String, String> matching(String pattern, String otherwise) {
        Pattern compiled = Pattern.compile(pattern);
        return text -> {
            if (!compiled.matcher(text).matches()) {
                throw new IllegalArgumentException(otherwise);
            }
            return text;
        };
    }

    static Function<String, String> lowerCase() {
        return text -> text.toLowerCase(Locale.ROOT);
    }

    static Function<String, String> oneOf(String... words) {
        List<String> known = List.of(words);
        return text -> {
            if (!known.contains(text)) {
                throw new IllegalArgumentException("has other words than " + String.join(", ", known));
            }
            return text;
        };
    }

    private static IllegalArgumentException notANumber(
            int lowest, int highest, @org.jspecify.annotations.Nullable Exception cause) {
        return new IllegalArgumentException("is not a whole number from " + lowest + " to " + highest, cause);
    }

    private static IllegalArgumentException notAnOrigin(@org.jspecify.annotations.Nullable Exception cause) {
        return new IllegalArgumentException("is not an origin like https://example.org:8443", cause);
    }
}
