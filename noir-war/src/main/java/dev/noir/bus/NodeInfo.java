package dev.noir.bus;

import java.util.List;
import java.util.Set;

/**
 * What a node says about itself.
 *
 * @param services of "signal", "sfu", "job"
 * @param addresses where its media goes, as announced to clients
 * @param version of noiR
 * @param startedMillis when it was started, since the epoch of 1970, by its own clock
 */
public record NodeInfo(
        String id,
        Set<String> services,
        NodeState state,
        NodeLoad load,
        List<String> addresses,
        String version,
        long startedMillis) {
    public static final String SIGNAL = "signal";
    public static final String SFU = "sfu";
    public static final String JOB = "job";

    public NodeInfo {
        services = Set.copyOf(services);
        addresses = List.copyOf(addresses);
    }

    /** The same node, some time later. */
    public NodeInfo with(NodeState newState, NodeLoad newLoad) {
        return new NodeInfo(id, services, newState, newLoad, addresses, version, startedMillis);
    }
}
