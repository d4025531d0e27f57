package dev.noir.room;

import java.util.HashMap;
import java.util.Map;

/**
 * How much a room passes on: messages times receivers, a large message counting as several. Asked before anything is queued
 * for anybody. Three quarters are for whoever comes, the rest is divided equally among the members, so that those who say
 * little are heard beside those who flood. Thread: rooms.
 */
final class MessageShares {
    /** Deliveries. One costs a loop about 8 µs of its CPU, so a room may take a third of a core for messages. */
    static final int PER_SECOND = 40_000;

    static final int BURST_SECONDS = 2;

    private static final int BYTES_OF_ONE = 4096;
    private static final double COMMON = 0.75;
    private static final double NANOS_PER_SECOND = 1e9;

    /** A share with what is left of it. */
    private static final class Share {
        private double left;
        private long lastNanos;

        Share(double left, long nowNanos) {
            this.left = left;
            this.lastNanos = nowNanos;
        }

        boolean tryTake(double wanted, double perSecond, long nowNanos) {
            left = Math.min(BURST_SECONDS * perSecond, left + (nowNanos - lastNanos) / NANOS_PER_SECOND * perSecond);
            lastNanos = nowNanos;
            if (left < wanted) {
                return false;
            }
            left -= wanted;
            return true;
        }
    }

    private final Share common;
    private final Map<Peer, Share> own = new HashMap<>();

    MessageShares(long nowNanos) {
        this.common = new Share(BURST_SECONDS * COMMON * PER_SECOND, nowNanos);
    }

    /** False when the room has passed on enough. */
    boolean tryTake(Peer from, int bytes, int receivers, int members, long nowNanos) {
        double wanted = (double) receivers * (1 + bytes / BYTES_OF_ONE);
        if (common.tryTake(wanted, COMMON * PER_SECOND, nowNanos)) {
            return true;
        }
        double perSecond = (1 - COMMON) * PER_SECOND / Math.max(1, members);
        return own.computeIfAbsent(from, peer -> new Share(BURST_SECONDS * perSecond, nowNanos))
                .tryTake(wanted, perSecond, nowNanos);
    }

    void left(Peer peer) {
        own.remove(peer);
    }
}
