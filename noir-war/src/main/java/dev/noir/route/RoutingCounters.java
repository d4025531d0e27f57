package dev.noir.route;

import java.util.concurrent.atomic.LongAdder;

/** What the node's operator wants to know of routing. Thread: any. */
final class RoutingCounters {
    final LongAdder resumedPeers = new LongAdder();
    final LongAdder lostPeers = new LongAdder();
    final LongAdder busFailures = new LongAdder();

    // Volatile: set before the start, read by every route.
    volatile RouteWatch watch = RouteWatch.NONE;
}
