package dev.noir.boot;

import dev.noir.access.ForwardingHeader;
import dev.noir.access.HostRules;
import dev.noir.access.Network;
import dev.noir.admin.Administrators;
import dev.noir.admin.Viewers;
import dev.noir.config.NoirConfig;
import dev.noir.web.GuardFilter;
import dev.noir.web.RequestOrigin;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** Beans of {@code web}, and who may look at the node from where. Thread: the server's deployer. */
@Dependent
final class WebModule {
    @Produces
    @Singleton
    RequestOrigin origin(NoirConfig config) {
        return new RequestOrigin(
                networks(config.strangers().trustedProxies()),
                ForwardingHeader.of(config.strangers().proxyHeader()),
                networks(config.strangers().adminNetworks()));
    }

    @Produces
    @Singleton
    GuardFilter.Guard guard(NoirConfig config, RequestOrigin origin) {
        return new GuardFilter.Guard(new HostRules(config.strangers().allowedHosts()), origin);
    }

    @Produces
    @Singleton
    Viewers viewers(Administrators administrators, RequestOrigin origin, GuardFilter.Guard guard) {
        return new Viewers(administrators, origin::isInside, guard::isOurs);
    }

    private static List<Network> networks(List<String> texts) {
        return texts.stream().map(Network::parse).toList();
    }
}
