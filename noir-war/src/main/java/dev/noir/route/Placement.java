package dev.noir.route;

import dev.noir.bus.NodeInfo;
import dev.noir.bus.NodeLoad;
import dev.noir.bus.NodeRegistry;
import dev.noir.bus.NodeState;
import dev.noir.room.RoomException;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Chooses who is to host a new room: the less loaded of two nodes drawn at random. Taking the least loaded of all would send
 * every room of a second to the same one, since loads are told once a second. Thread: any.
 */
final class Placement {
    // What makes a node as busy as a processor in full use; rough, since only the comparison counts. A forwarded packet
    // costs about 3 µs.
    private static final double PACKETS_PER_SECOND = 300_000;
    private static final double PEERS = 2_000;
    private static final double ROOMS = 10_000;

    // Given.
    private final NodeRegistry registry;
    private final RandomGenerator random;

    Placement(NodeRegistry registry, RandomGenerator random) {
        this.registry = registry;
        this.random = random;
    }

    /**
     * A node that can take a new room.
     *
     * @param avoided have refused just now; asked again when there is nobody else
     * @throws RoomException UNAVAILABLE when none can
     */
    String choose(Set<String> avoided) {
        List<NodeInfo> able = able();
        List<NodeInfo> preferred =
                able.stream().filter(node -> !avoided.contains(node.id())).toList();
        List<NodeInfo> candidates = preferred.isEmpty() ? able : preferred;
        if (candidates.isEmpty()) {
            throw new RoomException(RoomException.Code.UNAVAILABLE, "no server takes new rooms at the moment");
        }
        int first = random.nextInt(candidates.size());
        if (candidates.size() == 1) {
            return candidates.get(0).id();
        }
        int second = (first + 1 + random.nextInt(candidates.size() - 1)) % candidates.size();
        NodeInfo one = candidates.get(first);
        NodeInfo other = candidates.get(second);
        return load(one) <= load(other) ? one.id() : other.id();
    }

    /** Whether somebody else can take a new room. */
    boolean hasOthers(Set<String> avoided) {
        return able().stream().anyMatch(node -> !avoided.contains(node.id()));
    }

    private List<NodeInfo> able() {
        return registry.live().stream()
                .filter(node -> node.state() == NodeState.UP && node.services().contains(NodeInfo.SFU))
                .sorted(Comparator.comparing(NodeInfo::id))
                .toList();
    }

    private static double load(NodeInfo node) {
        NodeLoad load = node.load();
        return load.cpu() + load.packetsPerSecond() / PACKETS_PER_SECOND + load.peers() / PEERS + load.rooms() / ROOMS;
    }
}
