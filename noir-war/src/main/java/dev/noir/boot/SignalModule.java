package dev.noir.boot;

import dev.noir.access.NameRule;
import dev.noir.access.Quotas;
import dev.noir.bus.NodeInfo;
import dev.noir.config.NoirConfig;
import dev.noir.room.Scheduler;
import dev.noir.route.RoutedRooms;
import dev.noir.signal.OriginPolicy;
import dev.noir.signal.SignalLimits;
import dev.noir.signal.SignalServer;
import dev.noir.signal.Signalling;
import dev.noir.signal.SocketDoor;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Locale;

/** Beans of {@code signal}, for what the server makes itself: endpoint and filter. Thread: the server's deployer. */
@Dependent
final class SignalModule {
    /** Closed by {@link NodeDrain}. */
    @Produces
    @Singleton
    SignalServer signal(
            NoirConfig config, Quotas quotas, RoutedRooms routes, ContainerThreads threads, Scheduler scheduler) {
        NameRule names = NameRule.valueOf(config.names().rule().toUpperCase(Locale.ROOT));
        return new SignalServer(
                SignalLimits.DEFAULT.with(
                        config.strangers().limit("sockets"), config.strangers().compression()),
                quotas,
                routes,
                scheduler,
                threads.tasks(),
                new SecureRandom(),
                names);
    }

    @Produces
    @Singleton
    Signalling signalling(NoirConfig config) {
        return new Signalling(config.clusterServices().contains(NodeInfo.SIGNAL));
    }

    @Produces
    @Singleton
    SocketDoor door(OriginPolicy origins, Signalling signalling) {
        return new SocketDoor(origins, signalling);
    }

    @Produces
    @Singleton
    OriginPolicy origins(NoirConfig config) {
        return new OriginPolicy(config.allowedOrigins());
    }
}
