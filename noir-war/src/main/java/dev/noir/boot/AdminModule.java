package dev.noir.boot;

import dev.noir.admin.AdminToken;
import dev.noir.admin.Administrators;
import dev.noir.admin.Health;
import dev.noir.admin.Metrics;
import dev.noir.bus.NodeRegistry;
import dev.noir.bus.NodeState;
import dev.noir.config.NoirConfig;
import dev.noir.history.History;
import dev.noir.room.RoomService;
import dev.noir.room.Scheduler;
import dev.noir.route.RoutedRooms;
import dev.noir.signal.OriginPolicy;
import dev.noir.signal.SignalServer;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Beans of {@code admin}, for its servlets. Thread: the server's deployer. */
@Dependent
final class AdminModule {
    @Produces
    @Singleton
    Health health() {
        return new Health();
    }

    @Produces
    @Singleton
    Metrics metrics() {
        return new Metrics();
    }

    @Produces
    @Singleton
    AdminToken token(NoirConfig config) {
        return new AdminToken(config.admin().token());
    }

    @Produces
    @Singleton
    Administrators administrators(AdminToken token, PolicyWatch policies, OriginPolicy origins) {
        return new Administrators(token, caller -> policies.get().administers(caller), origins::allows);
    }

    /** Stopped before all others: what is here has to go on elsewhere, or to be told. */
    @Produces
    @Singleton
    NodeDrain drain(
            NoirConfig config,
            RoomService rooms,
            RoutedRooms routes,
            NodeRegistry registry,
            SignalServer signal,
            Scheduler scheduler,
            Health health,
            History history,
            NativeGrpc grpc, // Stopped after it.
            Parts parts) {
        NodeDrain drain = parts.add(
                "drain",
                new NodeDrain(rooms, routes, registry, signal, scheduler, config.drainTimeout(), history::drain));
        health.addCheck("accepting", () -> registry.self().state() == NodeState.UP);
        return drain;
    }
}
