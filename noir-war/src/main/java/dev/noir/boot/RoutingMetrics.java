package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.admin.MetricsPage;
import dev.noir.room.RoomCounts;
import dev.noir.room.RoomService;
import dev.noir.route.RoutedRooms;
import java.util.List;

/** What a node tells its operator of who is where. Thread: any. */
final class RoutingMetrics implements Metrics.Source {
    private final RoomService rooms;
    private final RoutedRooms routes;

    RoutingMetrics(RoomService rooms, RoutedRooms routes) {
        this.rooms = rooms;
        this.routes = routes;
    }

    @Override
    public void collect(MetricsPage page) {
        List<RoomCounts> counts = rooms.counts();
        page.gauge(
                "noir_publishers",
                "Peers in rooms of this node that send media",
                counts.stream().mapToInt(RoomCounts::publishers).sum());
        page.gauge(
                "noir_subscribers",
                "Peers in rooms of this node that want tracks",
                counts.stream().mapToInt(RoomCounts::subscribers).sum());
        page.gauge("noir_cluster_relayed_peers", "Clients of other nodes in rooms of this one", routes.relayedPeers());
        page.gauge("noir_cluster_routed_peers", "Clients of this node in rooms of others", routes.routedPeers());
        page.counter(
                "noir_cluster_resumed_peers_total",
                "Clients of this node that went on at another host",
                routes.resumedPeers());
        page.counter(
                "noir_cluster_lost_peers_total",
                "Clients of this node that could not, and were closed",
                routes.lostPeers());
        page.counter(
                "noir_cluster_fenced_rooms_total",
                "Rooms closed here because another node owned them",
                rooms.fencedRooms());
        page.counter(
                "noir_cluster_bus_failures_total",
                "Messages not sent, and requests nobody answered",
                routes.busFailures());
    }
}
