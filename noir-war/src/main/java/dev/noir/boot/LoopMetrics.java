package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.admin.MetricsPage;
import dev.noir.flight.FlightLog;
import dev.noir.media.CloseReason;
import dev.noir.media.LoopCounters;
import dev.noir.room.Scheduler;
import dev.noir.sfu.NativeMediaPlane;
import dev.noir.sfu.TransportWatch;
import dev.noir.sfu.Whose;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** How the media loops are: how busy, how quick to answer, and which of their transports fail. Thread: any; transports' loop. */
final class LoopMetrics implements Metrics.Source, TransportWatch {
    private static final List<Double> SECONDS = List.of(0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0);
    private static final double NANOS = 1e9;
    private static final Duration SLOW = Duration.ofMillis(100);
    private static final Duration SHORTEST = Duration.ofSeconds(1); // A share of less says little.

    // Given.
    private final NativeMediaPlane media;
    private final FlightLog flight;
    private final Scheduler scheduler;
    private final Metrics.Tally ends;
    private final Metrics.Spread answers;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();

    // State, guarded by this.
    private List<Long> usedNanos = List.of();
    private long lookedNanos;
    private List<MetricsPage.Labelled> shares = List.of();

    LoopMetrics(NativeMediaPlane media, Metrics metrics, FlightLog flight, Scheduler scheduler) {
        this.media = media;
        this.flight = flight;
        this.scheduler = scheduler;
        this.ends = metrics.tally(
                "noir_media_transport_ends_total",
                "ICE/DTLS transports that have ended without having been closed",
                List.of("reason"),
                Stream.of(CloseReason.values())
                        .filter(reason -> reason != CloseReason.NONE)
                        .map(reason -> List.of(word(reason)))
                        .toList());
        this.answers = metrics.spread(
                "noir_media_loop_answer_seconds",
                "How long a loop lets a question wait",
                SECONDS,
                List.of(),
                List.of());
    }

    private static String word(CloseReason reason) {
        return reason.name().toLowerCase(Locale.ROOT);
    }

    /** What each loop has done, in their order. */
    List<CompletableFuture<LoopCounters>> ask() {
        long askedNanos = scheduler.nanoTime();
        List<CompletableFuture<LoopCounters>> asked = new ArrayList<>();
        for (CompletableFuture<LoopCounters> answer : media.counters()) {
            int loop = asked.size();
            asked.add(answer.thenApply(counters -> {
                answered(loop, Duration.ofNanos(scheduler.nanoTime() - askedNanos));
                return counters;
            }));
        }
        return asked;
    }

    void answered(int loop, Duration took) {
        answers.add(took.toNanos() / NANOS);
        if (took.compareTo(SLOW) > 0) {
            flight.slowLoop(loop, took);
        }
    }

    @Override
    public void ended(int loop, Whose whose, CloseReason reason) {
        ends.add(word(reason));
        if (reason != CloseReason.DTLS_CLOSED) { // The client wanted that.
            flight.mediaFailed(whose.room(), whose.peer(), loop, word(reason));
        }
    }

    @Override
    public void collect(MetricsPage page) {
        List<Long> nowNanos = media.threads().stream().map(this::used).toList();
        List<MetricsPage.Labelled> seconds = new ArrayList<>();
        for (int i = 0; i < nowNanos.size(); i++) {
            seconds.add(new MetricsPage.Labelled(Integer.toString(i), nowNanos.get(i) / NANOS));
        }
        page.counters("noir_media_loop_cpu_seconds_total", "Processor time of each loop", "loop", seconds);
        page.gauges(
                "noir_media_loop_busy_ratio",
                "Share of one processor that each loop has taken since the page before this one",
                "loop",
                shares(nowNanos));
    }

    /** 0 where the JVM does not tell. */
    private long used(long thread) {
        return thread == 0 || !threads.isThreadCpuTimeSupported() ? 0 : Math.max(0, threads.getThreadCpuTime(thread));
    }

    private synchronized List<MetricsPage.Labelled> shares(List<Long> nowNanos) {
        long now = scheduler.nanoTime();
        long elapsed = now - lookedNanos;
        if (usedNanos.isEmpty() || elapsed >= SHORTEST.toNanos()) {
            List<MetricsPage.Labelled> fresh = new ArrayList<>();
            for (int i = 0; i < nowNanos.size(); i++) {
                long before = usedNanos.isEmpty() ? nowNanos.get(i) : usedNanos.get(i);
                double share = Math.max(0, (double) (nowNanos.get(i) - before)) / elapsed;
                fresh.add(new MetricsPage.Labelled(Integer.toString(i), share));
            }
            shares = List.copyOf(fresh);
            usedNanos = nowNanos;
            lookedNanos = now;
        }
        return shares;
    }
}
