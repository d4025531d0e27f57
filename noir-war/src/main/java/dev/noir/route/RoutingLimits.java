package dev.noir.route;

import java.time.Duration;

/**
 * How long routes wait for others, and how much waits in them.
 *
 * @param joinDeadline for a join with all its redirects
 * @param attemptTimeout for a node to answer a join; then it, or another, is asked again
 * @param requestDeadline for any later request; long enough to outlive the death of a host and its discovery
 * @param resumeDeadline for finding a new host after the old one has gone
 * @param retryDelay between two attempts, when nobody has the room yet
 * @param allRefusedDelay as above, when everybody who could take it has refused
 * @param maxRedirects followed at once; then the room is looked up again
 * @param checkInterval at which nodes compare which peers they have in common
 * @param maxRequests of one client under way or waiting; more are refused
 * @param maxChars of SDP in those requests
 */
record RoutingLimits(
        Duration joinDeadline,
        Duration attemptTimeout,
        Duration requestDeadline,
        Duration resumeDeadline,
        Duration retryDelay,
        Duration allRefusedDelay,
        int maxRedirects,
        Duration checkInterval,
        int maxRequests,
        int maxChars) {
    static final RoutingLimits DEFAULT = new RoutingLimits(
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(10),
            Duration.ofSeconds(15),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            3,
            Duration.ofSeconds(5),
            64,
            2 * 1024 * 1024);

    /** How long to wait after a refusal. */
    Duration refusalDelay(boolean othersLeft) {
        return othersLeft ? retryDelay : allRefusedDelay;
    }
}
