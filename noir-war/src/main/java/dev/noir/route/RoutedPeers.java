package dev.noir.route;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Places that clients of this node have in rooms of others, by the id that both nodes know them by. Thread: any.
 *
 * <p>The host takes the list of places it is sent for the truth at that point of the messages' order. So asking for a place
 * and adding it is one step, and so is making a list and sending it: else a list made before could arrive after the place
 * was asked for, and the host would throw out a peer that has just come.
 */
final class RoutedPeers {
    private static final Duration MEMORY = Duration.ofMinutes(1);

    private final ConcurrentMap<String, RemoteHost> places = new ConcurrentHashMap<>();

    // Nodes at which there was a place some time ago: they must learn that there is none any more.
    private final ConcurrentMap<String, Long> lastUsedNanos = new ConcurrentHashMap<>();

    /** @param send asks the node for the place; must not block */
    boolean enter(RemoteHost place, long nowNanos, BooleanSupplier send) {
        synchronized (places) { // See above.
            lastUsedNanos.put(place.node(), nowNanos);
            places.put(place.peer(), place);
            return send.getAsBoolean();
        }
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

    /**
     * For each node where there are places, or were lately, their ids.
     *
     * @param send sends them to the node; must not block
     */
    void list(long nowNanos, BiConsumer<String, List<String>> send) {
        synchronized (places) { // See above.
            Map<String, List<String>> byNode = new HashMap<>();
            for (RemoteHost place : places.values()) {
                byNode.computeIfAbsent(place.node(), node -> new ArrayList<>()).add(place.peer());
            }
            byNode.keySet().forEach(node -> lastUsedNanos.put(node, nowNanos));
            lastUsedNanos.values().removeIf(used -> nowNanos - used > MEMORY.toNanos());
            lastUsedNanos.keySet().forEach(node -> byNode.putIfAbsent(node, List.of()));
            byNode.forEach(send);
        }
    }
}
