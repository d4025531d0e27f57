package dev.noir.boot;

import dev.noir.admin.Health;
import dev.noir.eventlog.AbandonedRooms;
import dev.noir.redis.Cluster;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** The whole of it. Thread: the server's deployer. */
@Dependent
final class NodeModule {
    @Produces
    @Singleton
    NoirNode node(Cluster cluster, AbandonedRooms abandoned, NodeDrain drain, Health health, Parts parts) {
        abandoned.start();
        return new NoirNode(cluster, drain, health, parts);
    }
}
