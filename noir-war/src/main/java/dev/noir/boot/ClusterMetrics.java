package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.admin.MetricsPage;
import dev.noir.redis.BusCounters;
import dev.noir.redis.Cluster;
import java.util.List;

/** What a node tells its operator about its cluster. Thread: any. */
final class ClusterMetrics implements Metrics.Source {
    private static final List<Double> SECONDS =
            List.of(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0);
    private static final double NANOS = 1e9;

    private final Cluster cluster;

    ClusterMetrics(Cluster cluster, Metrics metrics) {
        this.cluster = cluster;
        Metrics.Spread trips = metrics.spread(
                "noir_redis_round_trip_seconds",
                "What looking something up or writing an event waits for Redis; many questions may share a trip",
                SECONDS,
                List.of(),
                List.of());
        cluster.times().watch(took -> trips.add(took.toNanos() / NANOS));
    }

    @Override
    public void collect(MetricsPage page) {
        BusCounters bus = cluster.counters();
        page.gauge(
                "noir_cluster_nodes",
                "Nodes alive, as this one knows",
                cluster.registry().live().size());
        page.gauge(
                "noir_cluster_connected",
                "1: Redis can be asked",
                cluster.registry().isConnected() ? 1 : 0);
        page.gauge(
                "noir_cluster_leases",
                "Rooms leased to this node",
                cluster.rooms().leases().size());
        page.counter(
                "noir_redis_reconnects_total",
                "Connections to Redis after the first",
                Math.max(0, cluster.times().connections() - 1));
        page.counter("noir_cluster_envelopes_sent_total", "Messages to other nodes", bus.sent());
        page.counter("noir_cluster_envelopes_received_total", "Messages of other nodes", bus.received());
        page.counter(
                "noir_cluster_envelopes_refused_total", "Not taken: node gone, Redis away, too many", bus.refused());
        page.counter("noir_cluster_envelopes_expired_total", "Given up: Redis away for long", bus.expired());
        page.counter("noir_cluster_envelopes_forged_total", "Dropped: MAC missing or wrong", bus.forged());
        page.counter("noir_cluster_envelopes_malformed_total", "Dropped: not understood", bus.malformed());
        page.counter("noir_cluster_envelopes_repeated_total", "Dropped: had arrived before", bus.repeated());
    }
}
