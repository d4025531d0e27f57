package dev.noir.config;

import java.util.List;
import java.util.Optional;

/**
 * What strangers may see, and how they are told apart.
 *
 * @param trustedProxies networks of those whose word about where a request is from is taken
 * @param allowedHosts names that we are called by; empty: those that DNS rebinding cannot have
 * @param adminNetworks networks from which metrics and the details of health are seen without a name
 */
public record StrangerSettings(List<String> trustedProxies, List<String> allowedHosts, List<String> adminNetworks) {

    static final Setting<List<String>> TRUSTED_PROXIES =
            new Setting<>("noir.proxies.trusted", "", false, Values.list(Values.network()));

    static final Setting<List<String>> ALLOWED_HOSTS =
            new Setting<>("noir.allowed-hosts", "", false, Values.list(Values.hostName()));

    static final Setting<List<String>> ADMIN_NETWORKS = new Setting<>(
            "noir.admin.networks", "127.0.0.0/8,::1", false, Values.noneOr(Values.list(Values.network())));

    static final List<Setting<?>> ALL = List.of(TRUSTED_PROXIES, ALLOWED_HOSTS, ADMIN_NETWORKS);

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<StrangerSettings> load(NoirConfig.Reader reader) {
        Optional<List<String>> proxies = reader.read(TRUSTED_PROXIES);
        Optional<List<String>> hosts = reader.read(ALLOWED_HOSTS);
        Optional<List<String>> networks = reader.read(ADMIN_NETWORKS);
        if (proxies.isEmpty() || hosts.isEmpty() || networks.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new StrangerSettings(proxies.get(), hosts.get(), networks.get()));
    }
}
