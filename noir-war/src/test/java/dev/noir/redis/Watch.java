package dev.noir.redis;

import dev.noir.bus.NodeRegistry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what a registry tells. */
final class Watch implements NodeRegistry.Listener {
    private final List<String> told = new CopyOnWriteArrayList<>();

    static Watch on(Cluster node) {
        Watch watch = new Watch();
        node.registry().addListener(watch);
        return watch;
    }

    List<String> told() {
        return List.copyOf(told);
    }

    @Override
    public void nodeGone(String id) {
        told.add("gone " + id);
    }

    @Override
    public void connectionLost() {
        told.add("lost");
    }

    @Override
    public void connectionBack() {
        told.add("back");
    }
}
