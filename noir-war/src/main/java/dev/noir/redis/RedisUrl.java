package dev.noir.redis;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import redis.clients.jedis.HostAndPort;

/**
 * Where Redis is and how to get in, from one line:
 *
 * <pre>
 * redis[s]://[[user]:password@]host[:6379][/database]
 * redis[s]-sentinel://[[user]:password@]host[:26379][,host…]/master[/database][?sentinel-password=…]
 * redis[s]-cluster://[[user]:password@]host[:6379][,host…]
 * </pre>
 *
 * <p>{@code rediss} is TLS; {@code ?ca=/file.pem} then names the certificates to trust instead of the JVM's. What is not a
 * letter or digit in user and passwords is percent-encoded.
 *
 * @param servers of SENTINEL the sentinels, of CLUSTER those to ask first
 * @param master of SENTINEL, else empty
 */
record RedisUrl(
        Mode mode,
        List<HostAndPort> servers,
        String master,
        @Nullable String user,
        @Nullable String password,
        @Nullable String sentinelPassword,
        int database,
        boolean tls,
        Optional<Path> ca) {
    enum Mode {
        SINGLE,
        SENTINEL,
        CLUSTER
    }

    private static final Pattern URL =
            Pattern.compile("redis(?<tls>s?)(?<mode>|-sentinel|-cluster)://(?:(?<user>[^/?]*)@)?(?<hosts>[^/?@]+)"
                    + "(?:/(?<path>[^?]*))?(?:\\?(?<query>.*))?");
    private static final Pattern HOST = Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)(?::(\\d{1,5}))?");
    private static final Pattern PATH_OF_SENTINEL = Pattern.compile("([A-Za-z0-9._-]+)(?:/(\\d{0,5}))?");
    private static final int REDIS_PORT = 6379;
    private static final int SENTINEL_PORT = 26_379;

    /** Throws {@link IllegalArgumentException} with what is wrong; its text holds no password. */
    static RedisUrl parse(String text) {
        Matcher url = URL.matcher(text);
        if (!url.matches()) {
            throw new IllegalArgumentException("is not like redis://host:6379, rediss://user:password@host,"
                    + " redis-sentinel://host:26379,host:26379/master or redis-cluster://host:6379,host:6379");
        }
        Mode mode =
                switch (url.group("mode")) {
                    case "-sentinel" -> Mode.SENTINEL;
                    case "-cluster" -> Mode.CLUSTER;
                    default -> Mode.SINGLE;
                };
        List<HostAndPort> servers = servers(url.group("hosts"), mode);
        Credentials credentials = Credentials.parse(url.group("user"));
        Options options =
                Options.parse(url.group("query"), mode, !url.group("tls").isEmpty());
        String path = url.group("path") == null ? "" : url.group("path");
        String master = "";
        if (mode == Mode.SENTINEL) {
            Matcher parts = PATH_OF_SENTINEL.matcher(path);
            if (!parts.matches()) {
                throw new IllegalArgumentException("lacks the master's name, as in redis-sentinel://host/mymaster");
            }
            master = parts.group(1);
            path = parts.group(2) == null ? "" : parts.group(2);
        }
        return new RedisUrl(
                mode,
                servers,
                master,
                credentials.user,
                credentials.password,
                options.sentinelPassword,
                database(path, mode),
                !url.group("tls").isEmpty(),
                options.ca);
    }

    /** Without passwords. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(tls ? "rediss" : "redis");
        text.append(
                switch (mode) {
                    case SINGLE -> "://";
                    case SENTINEL -> "-sentinel://";
                    case CLUSTER -> "-cluster://";
                });
        if (password != null) {
            text.append(user == null ? "" : user).append(":***@");
        }
        text.append(String.join(",", servers.stream().map(HostAndPort::toString).toList()));
        text.append(master.isEmpty() ? "" : "/" + master);
        return text.append(database == 0 ? "" : "/" + database).toString();
    }

    private static List<HostAndPort> servers(String text, Mode mode) {
        List<HostAndPort> servers = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            Matcher host = HOST.matcher(part.strip());
            int port = mode == Mode.SENTINEL ? SENTINEL_PORT : REDIS_PORT;
            if (host.matches() && host.group(2) != null) {
                port = Integer.parseInt(host.group(2));
            }
            if (!host.matches() || port == 0 || port > 65_535) {
                throw new IllegalArgumentException("has '" + part + "' where host or host:port belongs");
            }
            String name = host.group(1);
            servers.add(new HostAndPort(name.startsWith("[") ? name.substring(1, name.length() - 1) : name, port));
        }
        if (mode == Mode.SINGLE && servers.size() > 1) {
            throw new IllegalArgumentException("names several servers: say redis-sentinel:// or redis-cluster://");
        }
        return List.copyOf(servers);
    }

    private static int database(String path, Mode mode) {
        if (path.isEmpty()) {
            return 0;
        }
        if (mode == Mode.CLUSTER || !path.matches("\\d{1,5}")) {
            throw new IllegalArgumentException(
                    mode == Mode.CLUSTER ? "names a database; a cluster has only one" : "has no number as database");
        }
        return Integer.parseInt(path);
    }

    private static String decode(String text) {
        // The decoder is made for forms, where a plus is a space.
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private record Credentials(@Nullable String user, @Nullable String password) {
        static Credentials parse(@Nullable String text) {
            if (text == null || text.isEmpty()) {
                return new Credentials(null, null);
            }
            int colon = text.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException(
                        "has a user but no password; a password alone is written :password@");
            }
            String user = decode(text.substring(0, colon));
            return new Credentials(user.isEmpty() ? null : user, decode(text.substring(colon + 1)));
        }
    }

    private record Options(Optional<Path> ca, @Nullable String sentinelPassword) {
        static Options parse(@Nullable String query, Mode mode, boolean tls) {
            Optional<Path> ca = Optional.empty();
            String sentinelPassword = null;
            for (String option : query == null ? new String[0] : query.split("&", -1)) {
                int equals = option.indexOf('=');
                String name = equals < 0 ? option : option.substring(0, equals);
                String value = equals < 0 ? "" : decode(option.substring(equals + 1));
                if (name.equals("ca") && tls) {
                    ca = Optional.of(Path.of(value));
                } else if (name.equals("sentinel-password") && mode == Mode.SENTINEL) {
                    sentinelPassword = value;
                } else {
                    throw new IllegalArgumentException("has an option '" + name + "' that does not belong there");
                }
            }
            return new Options(ca, sentinelPassword);
        }
    }
}
