package dev.noir.access;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often somebody has done what may be done only so often in a while, by key. Remembers a bounded number of keys: when there are
 * more, those are forgotten first who have been quiet longest. Time is given. Thread: any.
 */
public final class Attempts {
    /** Of the window's begin. */
    private record Count(long sinceNanos, int times) {}

    // Given.
    private final int limit;
    private final long windowNanos;
    private final int maxKeys;

    // State, guarded by itself; the least recently changed first.
    private final Map<String, Count> counts = new LinkedHashMap<>();

    /** @param limit times in a window; 0: no limit */
    public Attempts(int limit, long windowNanos, int maxKeys) {
        this.limit = limit;
        this.windowNanos = windowNanos;
        this.maxKeys = maxKeys;
    }

    /** No more of them until the window is over. */
    public boolean areUsedUp(String key, long nowNanos) {
        return !areLeft(key, 1, nowNanos);
    }

    private boolean areLeft(String key, int times, long nowNanos) {
        synchronized (counts) {
            Count count = counts.get(key);
            int before = count != null && isCurrent(count, nowNanos) ? count.times() : 0;
            return limit == 0 || before + times <= limit;
        }
    }

    /** Once more. */
    public void add(String key, long nowNanos) {
        add(key, 1, nowNanos);
    }

    private void add(String key, int times, long nowNanos) {
        synchronized (counts) {
            Count before = counts.remove(key);
            boolean goesOn = before != null && isCurrent(before, nowNanos);
            counts.put(
                    key, goesOn ? new Count(before.sinceNanos(), before.times() + times) : new Count(nowNanos, times));
            if (counts.size() > maxKeys) {
                Iterator<String> oldest = counts.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }

    /** Once more if that is within the limit. */
    public boolean tryAdd(String key, long nowNanos) {
        return tryAdd(key, 1, nowNanos);
    }

    /** So many times more if that is within the limit. */
    public boolean tryAdd(String key, int times, long nowNanos) {
        synchronized (counts) {
            if (!areLeft(key, times, nowNanos)) {
                return false;
            }
            add(key, times, nowNanos);
            return true;
        }
    }

    private boolean isCurrent(Count count, long nowNanos) {
        return nowNanos - count.sinceNanos() < windowNanos;
    }
}
