package dev.noir.config;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** All keys with their defaults and ranges: the only place that spells them. */
final class Settings {
    static final Setting<List<Integer>> HTTP_PORTS =
            new Setting<>("noir.http.ports", "7000,7001,7070", false, Values.nonEmpty(Values.list(Values.port())));

    /** 0 stands for the first of the HTTP ports. */
    static final Setting<OptionalInt> HTTP_MEDIA_PORT =
            new Setting<>("noir.http.media.port", "auto", false, Values.autoNoneOrPort());

    static final Setting<Integer> MEDIA_PORT = new Setting<>("noir.media.port", "5000", false, Values.port());

    /** 0 stands for one per processor. */
    static final Setting<Integer> MEDIA_LOOPS =
            new Setting<>("noir.media.loops", "0", false, Values.wholeNumber(0, 64));

    /** Empty, or "auto", stands for every address of this machine that others can reach. */
    static final Setting<List<InetAddress>> MEDIA_ADDRESSES =
            new Setting<>("noir.media.addresses", "auto", false, Values.autoOr(Values.list(Values.address())));

    static final Setting<List<InetAddress>> MEDIA_ANNOUNCED_ADDRESSES =
            new Setting<>("noir.media.announced-addresses", "", false, Values.list(Values.address()));

    static final Setting<List<String>> ALLOWED_ORIGINS =
            new Setting<>("noir.allowed-origins", "", false, Values.list(Values.origin()));

    static final Setting<Integer> ROOM_MAX_PEERS =
            new Setting<>("noir.room.max-peers", "200", false, Values.wholeNumber(2, 10_000));

    /** Empty: the node is alone. The part that knows Redis looks at the rest of it. */
    static final Setting<String> REDIS_URL = new Setting<>("noir.redis.url", "", false, Values.redisUrl());

    /** Empty: a random one for every start. */
    static final Setting<String> CLUSTER_NODE_ID = new Setting<>("noir.cluster.node-id", "", false, Values.nodeId());

    static final Setting<String> CLUSTER_SECRET = new Setting<>("noir.cluster.secret", "", true, Values.secret());

    static final Setting<List<String>> CLUSTER_SERVICES = new Setting<>(
            "noir.cluster.services",
            "signal,sfu,job",
            false,
            Values.nonEmpty(Values.list(Values.oneOf("signal", "sfu", "job"))));

    /** 0: every peer may publish. */
    static final Setting<Integer> ROOM_MAX_PUBLISHERS =
            new Setting<>("noir.room.max-publishers", "0", false, Values.wholeNumber(0, 10_000));

    /** 0: a room lives until it is empty. */
    static final Setting<Duration> ROOM_MAX_AGE =
            new Setting<>("noir.room.max-age", "0", false, Values.seconds(0, 31_536_000));

    static final Setting<Duration> ROOM_RESERVE =
            new Setting<>("noir.room.reserve", "0", false, Values.seconds(0, 31_536_000));

    static final Setting<Duration> DRAIN_TIMEOUT =
            new Setting<>("noir.drain.timeout", "0", false, Values.seconds(0, 86_400));

    private static final List<Setting<?>> OWN = List.of(
            HTTP_PORTS,
            HTTP_MEDIA_PORT,
            MEDIA_PORT,
            MEDIA_LOOPS,
            MEDIA_ADDRESSES,
            MEDIA_ANNOUNCED_ADDRESSES,
            PlayoutDelay.SETTING,
            ALLOWED_ORIGINS,
            ROOM_MAX_PEERS,
            REDIS_URL,
            CLUSTER_NODE_ID,
            CLUSTER_SECRET,
            CLUSTER_SERVICES,
            ROOM_MAX_PUBLISHERS,
            ROOM_MAX_AGE,
            ROOM_RESERVE,
            DRAIN_TIMEOUT);

    static final List<Setting<?>> ALL = Stream.of(
                    OWN,
                    PortSettings.ALL,
                    IceSettings.ALL,
                    AdminSettings.ALL,
                    AccessSettings.ALL,
                    StrangerSettings.ALL,
                    AuthSettings.ALL,
                    NameSettings.ALL,
                    AudioSettings.ALL,
                    EventSettings.ALL,
                    TlsSettings.ALL,
                    GrpcSettings.ALL,
                    RecordingSettings.ALL,
                    PlayingSettings.ALL,
                    RestreamingSettings.ALL,
                    BotSettings.ALL)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    private Settings() {}
}
