package dev.noir.boot;

import dev.noir.access.Passwords;
import dev.noir.admin.Metrics;
import dev.noir.bus.NodeBus;
import dev.noir.bus.NodeRegistry;
import dev.noir.config.NoirConfig;
import dev.noir.flight.FlightLog;
import dev.noir.lease.LeaseKeeper;
import dev.noir.room.RoomService;
import dev.noir.room.Rooms;
import dev.noir.room.Scheduler;
import dev.noir.route.RoutedRooms;
import dev.noir.trace.Spans;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;

/** Beans of {@code route}. Thread: the server's deployer. */
@Dependent
final class RouteModule {
    @Produces
    @Singleton
    RoutedRooms routes(
            NoirConfig config,
            RoomService rooms,
            LeaseKeeper leases,
            NodeRegistry registry,
            NodeBus bus,
            Passwords passwords,
            ContainerThreads threads,
            Scheduler scheduler,
            Metrics metrics,
            FlightLog flight,
            Spans spans,
            Parts parts) {
        RoutedRooms routes = parts.add(
                "routes",
                new RoutedRooms(
                        rooms,
                        leases,
                        registry,
                        bus,
                        scheduler,
                        threads.tasks(),
                        new SecureRandom(),
                        passwords,
                        !config.clusterSecret().isEmpty()));
        metrics.add(new RoutingMetrics(rooms, routes));
        routes.watch(new JoinWatch(metrics, flight, spans));
        routes.start();
        return routes;
    }

    /** For other beans in the WAR. */
    @Produces
    @Singleton
    Rooms rooms(RoutedRooms routes) {
        return routes.api();
    }
}
