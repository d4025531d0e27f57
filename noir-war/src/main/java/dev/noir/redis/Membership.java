package dev.noir.redis;

/** What a directory has to know of the nodes before it hands out rooms. Thread: any; what blocks says so. */
interface Membership {
    /**
     * By what a claim tells that the store still is the one that this node has known since its last heartbeat.
     *
     * @param since the value of {@link RedisKeys#NODES_SINCE}
     * @param latestMillis which its clock cannot have passed, unless it was put forward
     */
    record StoreMark(String since, long latestMillis) {}

    /** Whether the store can be asked, and this node's own leases are in force again if it was away. */
    boolean isConnected();

    /**
     * Whether all who host rooms have had the time to say so: not just after the store, or this node's connection to it, came
     * back, or after the store lost what it held or its clock was set.
     */
    boolean isSettled();

    /** Whether this node has been heard of without interruption: then nobody can have held it to be gone. */
    boolean isContinuous();

    /** That life of the node is over, for certain. Blocks: one that this node has not heard of is looked for in the store. */
    boolean isGone(String node, String incarnation);

    /** Of the store as this node knows it. */
    StoreMark storeMark();

    /** The store's time as far as this node can tell, in µs. */
    long storeMicros();

    /** Compares the store with {@link #storeMark}; throws {@link RedisUnavailable} when it is not the same any more. Blocks. */
    void checkStore();
}
