package dev.noir.config;

import java.net.InetAddress;
import java.util.List;

/** All keys with their defaults and ranges: the only place that spells them. */
final class Settings {
    static final Setting<List<Integer>> HTTP_PORTS =
            new Setting<>("noir.http.ports", "7000,7001,7070", false, Values.nonEmpty(Values.list(Values.port())));

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

    static final List<Setting<?>> ALL = List.of(
            HTTP_PORTS,
            MEDIA_PORT,
            MEDIA_LOOPS,
            MEDIA_ADDRESSES,
            MEDIA_ANNOUNCED_ADDRESSES,
            ALLOWED_ORIGINS,
            ROOM_MAX_PEERS);

    private Settings() {}
}
