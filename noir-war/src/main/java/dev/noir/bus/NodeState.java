package dev.noir.bus;

/** Whether a node takes new rooms. */
public enum NodeState {
    UP,
    /** Serves what it has, takes no new rooms. */
    DRAINING
}
