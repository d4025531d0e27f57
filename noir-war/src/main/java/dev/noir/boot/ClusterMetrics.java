package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.admin.MetricsPage;
import dev.noir.redis.BusCounters;
import dev.noir.redis.Cluster;

/** What a node tells its operator about its cluster. Thread: any. */
final class ClusterMetrics implements Metrics.Source {
    private final Cluster cluster;

    ClusterMetrics(Cluster cluster) {
        this.cluster = cluster;
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
