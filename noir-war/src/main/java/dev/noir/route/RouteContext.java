package dev.noir.route;

import dev.noir.bus.NodeBus;
import dev.noir.bus.NodeRegistry;
import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomService;
import dev.noir.room.Scheduler;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * What all routes of a node share.
 *
 * @param signed whether other nodes are believed who somebody is
 */
record RouteContext(
        RoutingLimits limits,
        RoomService rooms,
        RoomDirectory directory,
        NodeRegistry registry,
        NodeBus bus,
        Placement placement,
        RoutingCounters counters,
        PasswordChecks passwords,
        Scheduler scheduler,
        Executor threads,
        RandomGenerator random,
        boolean signed) {
    String self() {
        return directory.node();
    }
}
