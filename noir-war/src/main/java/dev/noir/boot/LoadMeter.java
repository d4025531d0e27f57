package dev.noir.boot;

import dev.noir.bus.NodeLoad;
import dev.noir.media.LoopCounters;
import dev.noir.room.RoomService;
import dev.noir.room.Scheduler;
import dev.noir.sfu.NativeMediaPlane;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How much this node has to do, measured every second once started, so that asking costs nothing. Thread: any. */
final class LoadMeter implements Supplier<NodeLoad>, AutoCloseable {
    private static final Duration PERIOD = Duration.ofSeconds(1);

    // Given.
    private final NativeMediaPlane media;
    private final Scheduler scheduler;
    private final ProcessorLoad processors;

    // State of measure.
    private List<CompletableFuture<LoopCounters>> asked = List.of();
    private long askedNanos;
    private long packetsForwarded;
    private long packetsNanos;

    // Volatile: set by the deployer's thread, read by the scheduler's and the heartbeat's.
    private volatile @Nullable RoomService rooms;
    private volatile double cpu;
    private volatile double packetsPerSecond;
    private volatile boolean closed;

    LoadMeter(NativeMediaPlane media, Scheduler scheduler) {
        this.media = media;
        this.scheduler = scheduler;
        this.processors = new ProcessorLoad();
        this.askedNanos = scheduler.nanoTime();
    }

    /** For a node with others beside it: alone, nobody compares, and looking each second at the whole machine is not free. */
    void start() {
        measure();
    }

    /** These are this node's. */
    void setRooms(RoomService newRooms) {
        rooms = newRooms;
    }

    @Override
    public NodeLoad get() {
        RoomService current = rooms;
        return new NodeLoad(
                cpu, packetsPerSecond, current == null ? 0 : current.peers(), current == null ? 0 : current.rooms());
    }

    /** One at a time: each schedules the next. What the loops were asked last time they have answered by now. */
    private void measure() {
        cpu = processors.now();
        if (asked.stream().allMatch(answer -> answer.isDone() && !answer.isCompletedExceptionally())) {
            long packets = asked.stream()
                    .mapToLong(answer -> answer.join().packetsForwarded())
                    .sum();
            long elapsed = askedNanos - packetsNanos;
            packetsPerSecond = elapsed > 0 ? (packets - packetsForwarded) * 1e9 / elapsed : 0;
            packetsForwarded = packets;
            packetsNanos = askedNanos;
        }
        asked = media.counters();
        askedNanos = scheduler.nanoTime();
        if (!closed) {
            scheduler.schedule(PERIOD, this::measure);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
