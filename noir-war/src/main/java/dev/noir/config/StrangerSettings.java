package dev.noir.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What strangers may use up and see, and how they are told apart.
 *
 * @param limits by name, the last part of the key; 0: none
 * @param trustedProxies networks of those whose word about where a request is from is taken
 * @param proxyHeader in which they write it, in lower case: {@code x-forwarded-for}, {@code forwarded}
 * @param allowedHosts names that we are called by; empty: those that DNS rebinding cannot have
 * @param compression whether sockets may be compressed
 * @param adminNetworks networks from which metrics and the details of health are seen without a name
 */
public record StrangerSettings(
        Map<String, Integer> limits,
        List<String> trustedProxies,
        String proxyHeader,
        List<String> allowedHosts,
        boolean compression,
        List<String> adminNetworks) {

    private static final String LIMITS = "noir.limits.";
    private static final int MANY = 1_000_000;

    private static final List<Setting<Integer>> LIMIT_SETTINGS = List.of(
            limit("sockets", 20_000, MANY),
            limit("sockets-per-address", 1000, MANY),
            limit("sockets-per-principal", 50, MANY),
            limit("known-share", 25, 100),
            limit("joins-per-address", 1200, MANY),
            limit("joins-per-principal", 60, MANY),
            limit("rooms-per-address", 300, MANY),
            limit("rooms-per-principal", 30, MANY));

    static final Setting<List<String>> TRUSTED_PROXIES =
            new Setting<>("noir.proxies.trusted", "", false, Values.list(Values.network()));

    static final Setting<String> PROXY_HEADER = new Setting<>(
            "noir.proxies.header",
            "X-Forwarded-For",
            false,
            Values.lowerCase().andThen(Values.oneOf("x-forwarded-for", "forwarded")));

    static final Setting<List<String>> ALLOWED_HOSTS =
            new Setting<>("noir.allowed-hosts", "", false, Values.list(Values.hostName()));

    static final Setting<Boolean> COMPRESSION = new Setting<>(
            "noir.signal.compression",
            "false",
            false,
            Values.oneOf("true", "false").andThen(Boolean::valueOf));

    static final Setting<List<String>> ADMIN_NETWORKS = new Setting<>(
            "noir.admin.networks", "127.0.0.0/8,::1", false, Values.noneOr(Values.list(Values.network())));

    static final List<Setting<?>> ALL = all();

    private static Setting<Integer> limit(String name, int byDefault, int highest) {
        return new Setting<>(LIMITS + name, String.valueOf(byDefault), false, Values.wholeNumber(0, highest));
    }

    private static List<Setting<?>> all() {
        List<Setting<?>> all = new ArrayList<>(LIMIT_SETTINGS);
        all.addAll(List.of(TRUSTED_PROXIES, PROXY_HEADER, ALLOWED_HOSTS, COMPRESSION, ADMIN_NETWORKS));
        return List.copyOf(all);
    }

    public StrangerSettings {
        limits = Map.copyOf(limits);
    }

    /** The limit of that name. */
    public int limit(String name) {
        Integer limit = limits.get(name);
        if (limit == null) {
            throw new IllegalArgumentException("there is no limit " + name);
        }
        return limit;
    }

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<StrangerSettings> load(NoirConfig.Reader reader) {
        Map<String, Integer> limits = new LinkedHashMap<>();
        for (Setting<Integer> setting : LIMIT_SETTINGS) {
            reader.read(setting).ifPresent(count -> limits.put(setting.key().substring(LIMITS.length()), count));
        }
        Optional<List<String>> proxies = reader.read(TRUSTED_PROXIES);
        Optional<String> header = reader.read(PROXY_HEADER);
        Optional<List<String>> hosts = reader.read(ALLOWED_HOSTS);
        Optional<Boolean> compression = reader.read(COMPRESSION);
        Optional<List<String>> networks = reader.read(ADMIN_NETWORKS);
        if (limits.size() < LIMIT_SETTINGS.size() || proxies.isEmpty() || hosts.isEmpty() || networks.isEmpty()) {
            return Optional.empty();
        }
        return header.flatMap(name -> compression.map(
                on -> new StrangerSettings(limits, proxies.get(), name, hosts.get(), on, networks.get())));
    }
}
