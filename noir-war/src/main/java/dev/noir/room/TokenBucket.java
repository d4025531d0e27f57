package dev.noir.room;

/** Allows a burst and a steady rate. Time is given. Not thread-safe: whoever owns it uses it alone. */
public final class TokenBucket {
    private static final double NANOS_PER_SECOND = 1e9;

    // Given.
    private final double burst;
    private final double perSecond;

    // State.
    private double tokens;
    private long lastNanos;

    public TokenBucket(int burst, int perSecond, long nowNanos) {
        this.burst = burst;
        this.perSecond = perSecond;
        this.tokens = burst;
        this.lastNanos = nowNanos;
    }

    public boolean tryTake(long nowNanos) {
        return tryTake(1, nowNanos);
    }

    /** All of them or none. */
    public boolean tryTake(int count, long nowNanos) {
        double elapsedSeconds = (nowNanos - lastNanos) / NANOS_PER_SECOND;
        tokens = Math.min(burst, tokens + elapsedSeconds * perSecond);
        lastNanos = nowNanos;
        if (tokens < count) {
            return false;
        }
        tokens -= count;
        return true;
    }
}
