package dev.noir.cluster;

/** Whether a node takes new rooms. */
public enum NodeState {
    UP,
    /** Serves what it has, takes no new rooms. */
    DRAINING
}
