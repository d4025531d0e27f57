package dev.noir.redis;

import java.time.Duration;

/**
 * How fast a cluster notices and forgets. All but tests use {@link #DEFAULT}, and all nodes of a cluster the same.
 *
 * @param beat from heartbeat to heartbeat, and from renewal to renewal
 * @param leaseTtl how long a node or a lease lives without one; also how long nobody claims after Redis came back
 * @param epochTtl how long a room's last epoch is remembered when it has no lease: more than Redis's clock is ever set back
 * @param inboxTtl how long a dead node's inbox stays
 * @param commandLimit how long Redis may take to answer
 * @param envelopeLimit how long an envelope waits for Redis; whoever asked has given up by then
 * @param ping from one message of a node to itself to the next
 * @param pingLimit within which it has to arrive
 * @param sweep from one round of the {@link Janitor} to the next
 */
record ClusterTimes(
        Duration beat,
        Duration leaseTtl,
        Duration epochTtl,
        Duration inboxTtl,
        Duration commandLimit,
        Duration envelopeLimit,
        Duration ping,
        Duration pingLimit,
        Duration sweep) {
    static final ClusterTimes DEFAULT = new ClusterTimes(
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            Duration.ofSeconds(60),
            Duration.ofSeconds(5),
            Duration.ofMillis(1500),
            Duration.ofSeconds(10),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofSeconds(60));

    /** For so long after a heartbeat, or a lease's renewal, nobody can take it for over; a third of their TTL to spare. */
    Duration continuity() {
        return leaseTtl.multipliedBy(2).dividedBy(3);
    }
}
