package dev.noir.boot;

import dev.noir.bus.NodeLoad;
import dev.noir.media.LoopCounters;
import dev.noir.room.RoomService;
import dev.noir.room.Scheduler;
import dev.noir.sfu.NativeMediaPlane;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How much this node has to do, measured every second once started, so that asking costs nothing; if not started, as long as somebody
 * goes on asking: looking at the whole machine is not free. Thread: any.
 */
final class LoadMeter implements Supplier<NodeLoad>, AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    // Since somebody has asked last.
    private static final long WANTED_NANOS = Duration.ofSeconds(10).toNanos();

    // Given.
    private final NativeMediaPlane media;
    private final Scheduler scheduler;
    private final ProcessorLoad processors;

    // State of measure, which runs on one thread at a time: running hands it on.
    private boolean counted;
    private List<CompletableFuture<LoopCounters>> asked = List.of();
    private long askedNanos;
    private long packetsForwarded;
    private long packetsNanos;

    // Volatile: set by the deployer's thread, read by the scheduler's and the heartbeat's.
    private volatile @Nullable RoomService rooms;
    private volatile double cpu;
    private volatile double packetsPerSecond;
    private volatile long wantedNanos;
    private volatile boolean always;
    private volatile boolean closed;
    private final AtomicBoolean running = new AtomicBoolean();

    LoadMeter(NativeMediaPlane media, Scheduler scheduler) {
        this.media = media;
        this.scheduler = scheduler;
        this.processors = new ProcessorLoad();
        this.askedNanos = scheduler.nanoTime();
    }

    /** For a node with others beside it, that compare. */
    void start() {
        always = true;
        want();
    }

    private void want() {
        wantedNanos = scheduler.nanoTime();
        if (!closed && running.compareAndSet(false, true)) {
            scheduler.schedule(Duration.ZERO, this::measure);
        }
    }

    /** These are this node's. */
    void setRooms(RoomService newRooms) {
        rooms = newRooms;
    }

    @Override
    public NodeLoad get() {
        want();
        RoomService current = rooms;
        return new NodeLoad(
                cpu, packetsPerSecond, current == null ? 0 : current.peers(), current == null ? 0 : current.rooms());
    }

    /** One at a time: each schedules the next. What the loops were asked last time they have answered by now. */
    private void measure() {
        cpu = processors.now();
        if (!asked.isEmpty()
                && asked.stream().allMatch(answer -> answer.isDone() && !answer.isCompletedExceptionally())) {
            long packets = asked.stream()
                    .mapToLong(answer -> answer.join().packetsForwarded())
                    .sum();
            long elapsed = askedNanos - packetsNanos;
            packetsPerSecond = counted && elapsed > 0 ? (packets - packetsForwarded) * 1e9 / elapsed : 0;
            packetsForwarded = packets;
            packetsNanos = askedNanos;
            counted = true;
        }
        asked = media.counters();
        askedNanos = scheduler.nanoTime();
        if (closed) {
            return;
        }
        if (always || askedNanos - wantedNanos < WANTED_NANOS) {
            scheduler.schedule(PERIOD, this::measure);
        } else {
            asked = List.of();
            counted = false;
            running.set(false);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
