package dev.noir.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every setting, read once at start and not changed afterwards. Thread: any.
 *
 * @param httpPorts {@code java -jar} only
 * @param ports those that are for something; {@code java -jar} only
 * @param mediaPort UDP port of loop 0; loop <i>i</i> uses {@code mediaPort + i}. 0: any free one
 * @param mediaLoops never 0
 * @param mediaAddresses empty: every address others can reach
 * @param mediaAnnouncedAddresses offered to clients instead of those bound, when not empty
 * @param ice how clients find their way to media
 * @param playoutDelay of all video, in place of what publishers say
 * @param allowedOrigins origins besides our own that may open the signalling WebSocket; "*" allows all
 * @param roomMaxPeers a join beyond it is refused
 * @param redisUrl empty: the node is alone
 * @param clusterNodeId empty: a random one
 * @param clusterSecret empty: messages between nodes are not signed
 * @param clusterServices what this node does: signal, sfu, job
 * @param roomMaxPublishers peers of a room that may publish at the same time; 0: all
 * @param roomMaxAge after which a room ends; zero: never
 * @param roomReserve how long the name of such a room stays refused
 * @param drainTimeout how long a node that is to stop waits for its rooms to empty
 * @param admin who may administrate
 * @param access who may do what in rooms
 * @param strangers what strangers may use up and see
 * @param auth how people show who they are
 * @param names which names they have in rooms
 * @param audio how it is found out who speaks
 * @param events what is kept of what happens in rooms
 * @param tls {@code java -jar} only
 * @param grpc native gRPC
 * @param disk what is written there, and read
 */
public record NoirConfig(
        List<Integer> httpPorts,
        PortSettings ports,
        int mediaPort,
        int mediaLoops,
        List<InetAddress> mediaAddresses,
        List<InetAddress> mediaAnnouncedAddresses,
        IceSettings ice,
        Optional<PlayoutDelay> playoutDelay,
        List<String> allowedOrigins,
        int roomMaxPeers,
        String redisUrl,
        String clusterNodeId,
        String clusterSecret,
        List<String> clusterServices,
        int roomMaxPublishers,
        Duration roomMaxAge,
        Duration roomReserve,
        Duration drainTimeout,
        AdminSettings admin,
        AccessSettings access,
        StrangerSettings strangers,
        AuthSettings auth,
        NameSettings names,
        AudioSettings audio,
        EventSettings events,
        TlsSettings tls,
        GrpcSettings grpc,
        DiskSettings disk) {

    /** Reads, with defaults for what is missing or empty; throws one {@link ConfigException} for all that is wrong. */
    public static NoirConfig load(Function<String, Optional<String>> lookup) {
        return load(new Reader(lookup));
    }

    private static NoirConfig load(Reader reader) {
        Optional<List<Integer>> httpPorts = reader.read(Settings.HTTP_PORTS);
        Optional<PortSettings> ports = PortSettings.load(reader, httpPorts.orElse(List.of()));
        Optional<Integer> mediaPort = reader.read(Settings.MEDIA_PORT);
        Optional<Integer> mediaLoops = loops(reader, mediaPort);
        Optional<List<InetAddress>> addresses = reader.read(Settings.MEDIA_ADDRESSES);
        Optional<List<InetAddress>> announced = reader.read(Settings.MEDIA_ANNOUNCED_ADDRESSES);
        Optional<IceSettings> ice = IceSettings.load(reader);
        Optional<Optional<PlayoutDelay>> playoutDelay = reader.read(PlayoutDelay.SETTING);
        Optional<List<String>> origins = reader.read(Settings.ALLOWED_ORIGINS);
        Optional<Integer> maxPeers = reader.read(Settings.ROOM_MAX_PEERS);
        Optional<String> redisUrl = reader.read(Settings.REDIS_URL);
        Optional<String> nodeId = reader.read(Settings.CLUSTER_NODE_ID);
        Optional<String> secret = reader.read(Settings.CLUSTER_SECRET);
        Optional<List<String>> services = reader.read(Settings.CLUSTER_SERVICES);
        Optional<Integer> maxPublishers = reader.read(Settings.ROOM_MAX_PUBLISHERS);
        Optional<Duration> maxAge = reader.read(Settings.ROOM_MAX_AGE);
        Optional<Duration> reserve = reader.read(Settings.ROOM_RESERVE);
        Optional<Duration> drainTimeout = reader.read(Settings.DRAIN_TIMEOUT);
        Optional<AdminSettings> admin = AdminSettings.load(reader);
        Optional<AccessSettings> access = AccessSettings.load(reader);
        Optional<StrangerSettings> strangers = StrangerSettings.load(reader);
        Optional<AuthSettings> auth = AuthSettings.load(reader);
        Optional<NameSettings> names = NameSettings.load(reader);
        Optional<AudioSettings> audio = AudioSettings.load(reader);
        Optional<EventSettings> events = EventSettings.load(reader);
        Optional<TlsSettings> tls = TlsSettings.load(reader);
        Optional<GrpcSettings> grpc = GrpcSettings.load(reader);
        Optional<DiskSettings> disk = DiskSettings.load(reader);
        checkWhole(reader, services.orElse(List.of()), redisUrl.orElse(""), secret.orElse(""), auth, access);
        return new NoirConfig(
                httpPorts.orElseThrow(),
                ports.orElseThrow(),
                mediaPort.orElseThrow(),
                mediaLoops.orElseThrow(),
                addresses.orElseThrow(),
                announced.orElseThrow(),
                ice.orElseThrow(),
                playoutDelay.orElseThrow(),
                origins.orElseThrow(),
                maxPeers.orElseThrow(),
                redisUrl.orElseThrow(),
                nodeId.orElseThrow(),
                secret.orElseThrow(),
                services.orElseThrow(),
                maxPublishers.orElseThrow(),
                maxAge.orElseThrow(),
                reserve.orElseThrow(),
                drainTimeout.orElseThrow(),
                admin.orElseThrow(),
                access.orElseThrow(),
                strangers.orElseThrow(),
                auth.orElseThrow(),
                names.orElseThrow(),
                audio.orElseThrow(),
                events.orElseThrow(),
                tls.orElseThrow(),
                grpc.orElseThrow(),
                disk.orElseThrow());
    }

    /** Each has a port of its own. */
    private static Optional<Integer> loops(Reader reader, Optional<Integer> firstPort) {
        Optional<Integer> loops = reader.read(Settings.MEDIA_LOOPS).map(NoirConfig::loopsOrProcessors);
        checkPorts(reader, firstPort.orElse(0), loops.orElse(1));
        return loops;
    }

    private static void checkPorts(Reader reader, int port, int loops) {
        if (port + loops > 65_536) {
            reader.problems.add(
                    "noir.media.port: " + port + " leaves no room for " + loops + " media loops below 65536");
        }
    }

    /** What no setting is wrong in by itself; throws all that is wrong. */
    private static void checkWhole(
            Reader reader,
            List<String> services,
            String redisUrl,
            String secret,
            Optional<AuthSettings> auth,
            Optional<AccessSettings> access) {
        checkServices(reader, services, redisUrl.isEmpty());
        if (!redisUrl.isEmpty() && secret.isEmpty()) {
            checkNobodyIsKnown(reader, auth, access);
        }
        reader.throwProblems();
    }

    /** What this node does not do, another one must. */
    private static void checkServices(Reader reader, List<String> services, boolean alone) {
        if (services.isEmpty()) {
            return; // What is wrong with them has been said.
        }
        boolean signal = services.contains("signal");
        boolean sfu = services.contains("sfu");
        if (!signal && !sfu) {
            reader.problems.add("noir.cluster.services: neither signal nor sfu, so this node would do nothing;"
                    + " job is kept for later versions");
        } else if (alone && !(signal && sfu)) {
            reader.problems.add("noir.cluster.services: without " + (sfu ? "signal" : "sfu")
                    + " this node needs others that have it: set noir.redis.url");
        }
    }

    /** In a cluster without a secret: who can write to Redis could say that anybody is anybody. */
    private static void checkNobodyIsKnown(
            Reader reader, Optional<AuthSettings> auth, Optional<AccessSettings> access) {
        String mode = auth.map(AuthSettings::mode).orElse("open");
        String why = "";
        if (!mode.equals("open")) {
            why = "noir.auth.mode " + mode;
        } else if (!access.map(AccessSettings::policy).orElse("").isEmpty()) {
            why = "noir.access.policy";
        } else if (auth.map(AuthSettings::takesTokens).orElse(false)) {
            why = "tokens (noir.auth.jwt.*)";
        } else {
            why = access.flatMap(AccessSettings::changedRole).orElse("");
        }
        if (!why.isEmpty()) {
            reader.problems.add("noir.cluster.secret: must be set in a cluster with " + why
                    + ", for nodes tell each other who somebody is");
        }
    }

    /** Without passwords and secrets. */
    @Override
    public String toString() {
        return "NoirConfig[httpPorts=" + httpPorts + ", mediaPort=" + mediaPort + "]";
    }

    /** All defaults: what a test starts from. */
    public static NoirConfig defaults() {
        return load(key -> Optional.empty());
    }

    /** Key to text as it was set, or the default; secrets are asterisks. For the log at start. */
    public static Map<String, String> describe(Function<String, Optional<String>> lookup) {
        Map<String, String> lines = new LinkedHashMap<>();
        for (Setting<?> setting : Settings.ALL) {
            String text = lookup.apply(setting.key()).map(String::strip).orElse("");
            lines.put(setting.key(), text.isEmpty() ? setting.defaultText() : setting.printed(text));
        }
        return lines;
    }

    /** The names among these that look like settings of noiR and are not: typing errors, mostly. */
    public static Set<String> unknownKeys(Iterable<String> names) {
        Set<String> known = Settings.ALL.stream().map(Setting::key).collect(Collectors.toSet());
        Set<String> unknown = new TreeSet<>();
        for (String name : names) {
            if (name.startsWith("noir.") && !known.contains(name)) {
                unknown.add(name);
            }
        }
        return unknown;
    }

    private static int loopsOrProcessors(int loops) {
        return loops > 0 ? loops : Runtime.getRuntime().availableProcessors();
    }

    /** Collects what is wrong instead of stopping at the first, so that an administrator repairs all in one go. */
    static final class Reader {
        private final Function<String, Optional<String>> lookup;
        private final List<String> problems = new ArrayList<>();

        Reader(Function<String, Optional<String>> lookup) {
            this.lookup = lookup;
        }

        void problem(String text) {
            problems.add(text);
        }

        void throwProblems() {
            if (!problems.isEmpty()) {
                throw new ConfigException(problems);
            }
        }

        <T> Optional<T> read(Setting<T> setting) {
            String set = lookup.apply(setting.key()).map(String::strip).orElse("");
            String text = set.isEmpty() ? setting.defaultText() : set;
            try {
                return Optional.of(setting.parser().apply(text));
            } catch (IllegalArgumentException e) {
                problems.add(setting.key() + ": '" + setting.printed(text) + "' " + e.getMessage());
                return Optional.empty();
            }
        }
    }
}
