package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.admin.MetricsPage;
import dev.noir.admin.MetricsPage.Labelled;
import dev.noir.admin.MetricsPage.Spread;
import dev.noir.flight.FlightLog;
import dev.noir.media.Distribution;
import dev.noir.media.LayerSwitch;
import dev.noir.media.LoopQuality;
import dev.noir.media.TransportExplanation.Layer;
import dev.noir.room.Scheduler;
import dev.noir.sfu.NamedSwitch;
import dev.noir.sfu.NativeMediaPlane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/** How well the media loops serve their subscribers, all together. Thread: any. */
final class QualityMetrics implements Metrics.Source {
    private static final double NANOS = 1e9;
    // Looks come once a second; what is older than the last one but one is of a time when nobody looked.
    private static final Duration FRESH = Duration.ofSeconds(3);

    // Given.
    private final NativeMediaPlane media;
    private final FlightLog flight;
    private final Scheduler scheduler;

    // State, guarded by this.
    private Optional<Long> lookedNanos = Optional.empty();

    QualityMetrics(NativeMediaPlane media, FlightLog flight, Scheduler scheduler) {
        this.media = media;
        this.flight = flight;
        this.scheduler = scheduler;
    }

    /** To the flight recorder: those since it was called last, if that is not long ago. */
    void tellSwitches() {
        boolean fresh = isFresh();
        for (CompletableFuture<List<NamedSwitch>> taken : media.takeLayerSwitches()) {
            CompletableFuture<?> unused = taken.thenAccept(
                    switches -> switches.stream().filter(each -> fresh).forEach(this::tell));
        }
    }

    private synchronized boolean isFresh() {
        long now = scheduler.nanoTime();
        boolean fresh = lookedNanos.filter(last -> now - last < FRESH.toNanos()).isPresent();
        lookedNanos = Optional.of(now);
        return fresh;
    }

    void tell(NamedSwitch each) {
        flight.layerSwitched(
                each.subscriber().room(),
                each.subscriber().peer(),
                each.publisher(),
                each.stream(),
                words(each.what().from()),
                words(each.what().to()),
                word(each.what().cause()));
    }

    private static String words(Optional<Layer> layer) {
        return layer.map(each -> each.spatial() + "/" + each.temporal()).orElse("none");
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void collect(MetricsPage page) {
        List<CompletableFuture<LoopQuality>> asked = media.quality();
        List<LoopQuality> loops = LoopAnswers.of(asked);
        // As in NodeMetrics: no numbers are better than those of some loops.
        if (!loops.isEmpty() && loops.size() == asked.size()) {
            print(page, loops);
        }
    }

    /** At least one of them. */
    static void print(MetricsPage page, List<LoopQuality> loops) {
        page.histograms(
                "noir_media_forward_delay_seconds",
                "From the arrival of an RTP packet until a subscriber's copy was given to the kernel,"
                        + " by whether it had to wait for the subscriber's line",
                "paced",
                List.of(
                        spread("no", sum(loops, LoopQuality::delays), NANOS),
                        spread("yes", sum(loops, LoopQuality::pacedDelays), NANOS)));
        page.gaugeHistogram(
                "noir_media_estimate_bits_per_second",
                "What the lines of subscribers are estimated to take now, those of which something is known",
                spread("", sum(loops, LoopQuality::estimates), 1));
        page.counter(
                "noir_media_feedback_total",
                "Transport-wide feedback messages of subscribers",
                count(loops, LoopQuality::feedback));
        page.counter(
                "noir_media_feedback_unmatched_total",
                "Those that reported nothing of what was sent",
                count(loops, LoopQuality::feedbackUnmatched));
        page.counters(
                "noir_media_layer_switches_total",
                "Subscribers that got another layer of a track than before",
                List.of("direction", "why"),
                switches(loops));
        page.counters(
                "noir_media_freezes_total",
                "Pictures that stood still at a subscriber, as far as it is known here",
                "why",
                Stream.of(LoopQuality.Freeze.values())
                        .map(why -> new Labelled(word(why), count(loops, loop -> of(loop.freezes(), why))))
                        .toList());
        received(page, loops);
    }

    private static <K> long of(Map<K, Long> counts, K key) {
        return counts.getOrDefault(key, 0L);
    }

    private static List<Labelled> switches(List<LoopQuality> loops) {
        List<Labelled> all = new ArrayList<>();
        for (LayerSwitch.Cause cause : LayerSwitch.Cause.values()) {
            long up = count(loops, loop -> of(loop.switchesUp(), cause));
            long down = count(loops, loop -> of(loop.switchesDown(), cause));
            all.add(new Labelled(List.of("up", word(cause)), up));
            all.add(new Labelled(List.of("down", word(cause)), down));
        }
        return all;
    }

    private static void received(MetricsPage page, List<LoopQuality> loops) {
        long expected = count(loops, LoopQuality::packetsExpected);
        long received = count(loops, LoopQuality::packetsReceived);
        page.counter(
                "noir_media_packets_expected_total",
                "RTP packets of tracks that their publishers have sent, by the packets' numbers",
                expected);
        page.counter("noir_media_packets_received_total", "Those that came; some may have come twice", received);
        page.untyped("rtp_expected", "noir_media_packets_expected_total by its name in ion-sfu", expected);
        page.untyped("rtp_received", "noir_media_packets_received_total by its name in ion-sfu", received);
        page.untyped("rtp_packets", "The same by its other name in ion-sfu", received);
        page.untyped(
                "rtp_bytes", "RTP packets of tracks, as ion-sfu calls it", count(loops, LoopQuality::bytesReceived));
        page.gauge(
                "sfu_audio_tracks",
                "Those of noir_media_tracks with audio, as ion-sfu calls them",
                count(loops, LoopQuality::audioTracks));
        page.gauge(
                "sfu_video_tracks",
                "Those of noir_media_tracks with video, as ion-sfu calls them",
                count(loops, LoopQuality::videoTracks));
    }

    private static Spread spread(String value, Distribution distribution, double unit) {
        return new Spread(
                value,
                distribution.bounds().stream().map(bound -> bound / unit).toList(),
                distribution.counts(),
                distribution.sum() / unit);
    }

    private static Distribution sum(List<LoopQuality> loops, Function<LoopQuality, Distribution> part) {
        return loops.stream().map(part).reduce(Distribution::plus).orElseThrow();
    }

    private static long count(List<LoopQuality> loops, ToLongFunction<LoopQuality> part) {
        return loops.stream().mapToLong(part).sum();
    }
}
