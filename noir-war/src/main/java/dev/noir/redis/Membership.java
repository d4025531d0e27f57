package dev.noir.redis;

/** What a directory has to know of the nodes before it hands out rooms. Thread: any; never blocks. */
interface Membership {
    /** Whether the store can be asked, and this node's own leases are in force again if it was away. */
    boolean isConnected();

    /**
     * Whether all who host rooms have had the time to say so: not just after the store, or this node's connection to it, came
     * back.
     */
    boolean isSettled();

    /** That life of the node is over, for certain. */
    boolean isGone(String node, String incarnation);
}
