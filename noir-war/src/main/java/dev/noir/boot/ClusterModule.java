package dev.noir.boot;

import dev.noir.admin.Health;
import dev.noir.admin.Metrics;
import dev.noir.bus.NodeBus;
import dev.noir.bus.NodeInfo;
import dev.noir.bus.NodeLoad;
import dev.noir.bus.NodeRegistry;
import dev.noir.bus.NodeState;
import dev.noir.config.NoirConfig;
import dev.noir.lease.LeaseKeeper;
import dev.noir.redis.Cluster;
import dev.noir.redis.ClusterOptions;
import dev.noir.room.Scheduler;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;

/** Beans of {@code bus} and {@code lease}, over {@code redis} or alone. Thread: the server's deployer. */
@Dependent
final class ClusterModule {
    /** Not started: others have to listen to it before. */
    @Produces
    @Singleton
    Cluster cluster(
            NoirConfig config,
            NodeId id,
            LoadMeter load,
            ContainerThreads threads,
            Scheduler scheduler,
            Health health,
            Metrics metrics,
            Parts parts) {
        Cluster cluster = parts.add("cluster", connected(config, id, load, threads, scheduler));
        health.addReason("cluster", cluster::trouble);
        metrics.add(new ClusterMetrics(cluster, metrics));
        return cluster;
    }

    private static Cluster connected(
            NoirConfig config, NodeId id, LoadMeter load, ContainerThreads threads, Scheduler scheduler) {
        try {
            return Cluster.of(
                    new ClusterOptions(self(config, id), load, config.redisUrl(), config.clusterSecret()),
                    scheduler,
                    threads.patient(),
                    threads.factory());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("noir.redis.url " + e.getMessage(), e);
        }
    }

    private static NodeInfo self(NoirConfig config, NodeId id) {
        return new NodeInfo(
                id.text(),
                Set.copyOf(config.clusterServices()),
                NodeState.UP,
                NodeLoad.NONE,
                addresses(config),
                Version.NUMBER,
                System.currentTimeMillis());
    }

    private static List<String> addresses(NoirConfig config) {
        List<InetAddress> addresses =
                config.mediaAnnouncedAddresses().isEmpty() ? config.mediaAddresses() : config.mediaAnnouncedAddresses();
        return addresses.stream().map(InetAddress::getHostAddress).toList();
    }

    @Produces
    @Singleton
    NodeRegistry registry(Cluster cluster) {
        return cluster.registry();
    }

    @Produces
    @Singleton
    NodeBus bus(Cluster cluster) {
        return cluster.bus();
    }

    /** The room directory as rooms of this node use it. */
    @Produces
    @Singleton
    LeaseKeeper leases(Cluster cluster) {
        return cluster.rooms();
    }
}
