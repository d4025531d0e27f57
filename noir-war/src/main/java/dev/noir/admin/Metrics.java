package dev.noir.admin;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * What an operator's monitoring reads: numbers that are asked for when somebody looks, and numbers that are counted as things
 * happen. In a registry of this deployment's own, as the library's static one would outlive it. Thread: any.
 */
public final class Metrics {
    /** A part that has numbers to tell. Asked by request threads for every page. */
    public interface Source {
        void collect(MetricsPage page);
    }

    /** Counts things that happen. */
    public interface Tally {
        /** One more; {@code values} are those of the labels. */
        void add(String... values);

        /** As many more. */
        void add(long count, String... values);
    }

    /** Counts things that happen by how large they are. */
    public interface Spread {
        /** One more; {@code values} are those of the labels. */
        void add(double size, String... values);
    }

    private final List<Source> sources = new CopyOnWriteArrayList<>();
    private final PrometheusRegistry registry = new PrometheusRegistry();

    public Metrics() {
        registry.register((MultiCollector) this::ofSources);
    }

    private MetricSnapshots ofSources() {
        MetricsPage page = new MetricsPage();
        sources.forEach(source -> source.collect(page));
        return page.toSnapshots();
    }

    public void add(Source source) {
        sources.add(source);
    }

    /**
     * A new one, of which nothing has been counted yet.
     *
     * @param name by custom it ends in {@code _total}
     * @param series one list of labels' values for each that is to be there from the start: what is not, cannot be seen to grow
     */
    public Tally tally(String name, String help, List<String> labels, List<List<String>> series) {
        Counter counter = Counter.builder()
                .name(name)
                .help(help)
                .labelNames(labels.toArray(String[]::new))
                .withoutExemplars()
                .register(registry);
        series.forEach(values -> counter.initLabelValues(values.toArray(String[]::new)));
        return new Tally() {
            @Override
            public void add(String... values) {
                counter.labelValues(values).inc();
            }

            @Override
            public void add(long count, String... values) {
                counter.labelValues(values).inc(count);
            }
        };
    }

    /**
     * A new histogram; as {@link #tally}.
     *
     * @param bounds up to which each of its buckets counts, ascending
     */
    public Spread spread(
            String name, String help, List<Double> bounds, List<String> labels, List<List<String>> series) {
        Histogram histogram = Histogram.builder()
                .name(name)
                .help(help)
                .classicOnly() // The others reset themselves by a thread of the library's own.
                .classicUpperBounds(
                        bounds.stream().mapToDouble(Double::doubleValue).toArray())
                .labelNames(labels.toArray(String[]::new))
                .withoutExemplars()
                .register(registry);
        series.forEach(values -> histogram.initLabelValues(values.toArray(String[]::new)));
        return (size, values) -> histogram.labelValues(values).observe(size);
    }

    /** All numbers as they are now. */
    public MetricSnapshots snapshots() {
        return registry.scrape();
    }

    /** In the Prometheus text format 0.0.4. */
    public String print() {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            Format.of(null).write(this, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // Into memory.
        }
        return text.toString(StandardCharsets.UTF_8);
    }

    /** How they are written down. */
    public record Format(ExpositionFormatWriter writer) {
        private static final Format PROMETHEUS = new Format(PrometheusTextFormatWriter.create());
        private static final Format OPEN_METRICS = new Format(OpenMetricsTextFormatWriter.create());

        /** The one that is asked for; null, or neither is: Prometheus's. */
        public static Format of(@Nullable String accept) {
            return OPEN_METRICS.writer.accepts(accept) ? OPEN_METRICS : PROMETHEUS;
        }

        public String contentType() {
            return writer.getContentType();
        }

        public void write(Metrics metrics, OutputStream out) throws IOException {
            writer.write(out, metrics.snapshots());
        }
    }
}
