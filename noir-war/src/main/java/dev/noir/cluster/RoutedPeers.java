package dev.noir.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/** Places that clients of this node have in rooms of others, by the id that both nodes know them by. Thread: any. */
final class RoutedPeers {
    private static final Duration MEMORY = Duration.ofMinutes(1);

    private final ConcurrentMap<String, RemoteHost> places = new ConcurrentHashMap<>();

    // Nodes at which there was a place some time ago: they must learn that there is none any more.
    private final ConcurrentMap<String, Long> lastUsedNanos = new ConcurrentHashMap<>();

    void add(RemoteHost place, long nowNanos) {
        lastUsedNanos.put(place.node(), nowNanos);
        places.put(place.peer(), place);
    }

    void remove(RemoteHost place) {
        places.remove(place.peer(), place);
    }

    @Nullable
    RemoteHost find(String peer) {
        return places.get(peer);
    }

    List<RemoteHost> at(String node) {
        return places.values().stream()
                .filter(place -> place.node().equals(node))
                .toList();
    }

    List<RemoteHost> all() {
        return List.copyOf(places.values());
    }

    int size() {
        return places.size();
    }

    /** For each node where there are places, or were lately, their ids. */
    Map<String, List<String>> byNode(long nowNanos) {
        Map<String, List<String>> byNode = new HashMap<>();
        for (RemoteHost place : places.values()) {
            byNode.computeIfAbsent(place.node(), node -> new ArrayList<>()).add(place.peer());
        }
        byNode.keySet().forEach(node -> lastUsedNanos.put(node, nowNanos));
        lastUsedNanos.values().removeIf(used -> nowNanos - used > MEMORY.toNanos());
        lastUsedNanos.keySet().forEach(node -> byNode.putIfAbsent(node, List.of()));
        return byNode;
    }
}
