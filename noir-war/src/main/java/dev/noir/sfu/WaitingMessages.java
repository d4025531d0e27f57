package dev.noir.sfu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Data channel messages between a loop and a room, or frames between a loop and who taps it, in one direction, that the other side has not dealt with yet. Bounded, so
 * that those who send faster than others work fill no heap. Thread: any.
 */
final class WaitingMessages {
    /** How many and how long together. */
    record Limits(int messages, long bytes) {}

    static final Limits OF_ROOM = new Limits(4096, 16L * 1024 * 1024);
    static final Limits OF_LOOP = new Limits(4096, 32L * 1024 * 1024);
    static final Limits OF_TRANSPORT = new Limits(1024, 4L * 1024 * 1024);

    // Given.
    private final Limits limits;

    private final AtomicInteger messages = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();

    WaitingMessages(Limits limits) {
        this.limits = limits;
    }

    /** False = there is no room for it, and nothing was taken. */
    boolean tryAdd(int size) {
        if (messages.incrementAndGet() > limits.messages) {
            messages.decrementAndGet();
            return false;
        }
        if (bytes.addAndGet(size) > limits.bytes) {
            remove(size);
            return false;
        }
        return true;
    }

    /** Less than half of what there may be. */
    boolean isLow() {
        return messages.get() < limits.messages / 2 && bytes.get() < limits.bytes / 2;
    }

    void remove(int size) {
        messages.decrementAndGet();
        bytes.addAndGet(-size);
    }
}
