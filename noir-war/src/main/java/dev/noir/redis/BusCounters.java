package dev.noir.redis;

import java.util.concurrent.atomic.LongAdder;

/** What has become of envelopes. Thread: any. */
public final class BusCounters {
    final LongAdder sentCount = new LongAdder();
    final LongAdder receivedCount = new LongAdder();
    final LongAdder refusedCount = new LongAdder();
    final LongAdder forgedCount = new LongAdder();
    final LongAdder malformedCount = new LongAdder();
    final LongAdder repeatedCount = new LongAdder();
    final LongAdder expiredCount = new LongAdder();

    /** Put into another node's inbox. */
    public long sent() {
        return sentCount.sum();
    }

    /** Delivered here. */
    public long received() {
        return receivedCount.sum();
    }

    /** Not taken: no such node, no store, or too many waiting. */
    public long refused() {
        return refusedCount.sum();
    }

    /** Dropped, having no MAC or a wrong one. */
    public long forged() {
        return forgedCount.sum();
    }

    /** Dropped, being no envelope, or one of a kind that this version does not know. */
    public long malformed() {
        return malformedCount.sum();
    }

    /** Dropped, having arrived before: sent twice across a reconnection, or replayed. */
    public long repeated() {
        return repeatedCount.sum();
    }

    /** Taken, and then dropped because Redis could not be reached for long. */
    public long expired() {
        return expiredCount.sum();
    }
}
