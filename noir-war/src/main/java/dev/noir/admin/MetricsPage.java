package dev.noir.admin;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import java.util.List;

/** The numbers of parts that are asked for them, as they are being put together. Thread: that of the request. */
public final class MetricsPage {
    private static final String TOTAL = "_total"; // The library's formats add it, each where it belongs.

    /** One of several numbers of the same name, by the values of its labels. */
    public record Labelled(List<String> values, double number) {
        public Labelled(String value, double number) {
            this(List.of(value), number);
        }
    }

    /**
     * How many of something were how large, of several such by a label's value.
     *
     * @param bounds up to which, ascending, each of {@code counts} counts; the last count is of what is above all of them
     */
    public record Spread(String value, List<Double> bounds, List<Long> counts, double sum) {}

    private final MetricSnapshots.Builder snapshots = MetricSnapshots.builder();

    MetricsPage() {}

    /** A number that goes up and down. */
    public MetricsPage gauge(String name, String help, long value) {
        return gauge(name, help, (double) value);
    }

    /** A number that goes up and down. */
    public MetricsPage gauge(String name, String help, double value) {
        snapshots.metricSnapshot(GaugeSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(GaugeDataPointSnapshot.builder().value(value).build())
                .build());
        return this;
    }

    /** Such a number for each value of a label. */
    public MetricsPage gauges(String name, String help, String label, List<Labelled> values) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(name).help(help);
        values.forEach(each -> gauge.dataPoint(GaugeDataPointSnapshot.builder()
                .value(each.number())
                .labels(labels(List.of(label), each))
                .build()));
        snapshots.metricSnapshot(gauge.build());
        return this;
    }

    /** A number that only grows; its name ends in {@code _total}. */
    public MetricsPage counter(String name, String help, long value) {
        return counter(name, help, (double) value);
    }

    /** A number that only grows; its name ends in {@code _total}. */
    public MetricsPage counter(String name, String help, double value) {
        snapshots.metricSnapshot(CounterSnapshot.builder()
                .name(bare(name))
                .help(help)
                .dataPoint(CounterDataPointSnapshot.builder().value(value).build())
                .build());
        return this;
    }

    /** Such a number for each value of a label. */
    public MetricsPage counters(String name, String help, String label, List<Labelled> values) {
        return counters(name, help, List.of(label), values);
    }

    /** Such a number for each of several labels' values. */
    public MetricsPage counters(String name, String help, List<String> labels, List<Labelled> values) {
        CounterSnapshot.Builder counter =
                CounterSnapshot.builder().name(bare(name)).help(help);
        values.forEach(each -> counter.dataPoint(CounterDataPointSnapshot.builder()
                .value(each.number())
                .labels(labels(labels, each))
                .build()));
        snapshots.metricSnapshot(counter.build());
        return this;
    }

    /** A number that only grows, under a name that others have given it: no suffix, and so no type that means it. */
    public MetricsPage untyped(String name, String help, long value) {
        snapshots.metricSnapshot(UnknownSnapshot.builder()
                .name(name)
                .help(help)
                .dataPoint(
                        UnknownDataPointSnapshot.builder().value((double) value).build())
                .build());
        return this;
    }

    /** Histograms of what has happened. */
    public MetricsPage histograms(String name, String help, String label, List<Spread> spreads) {
        HistogramSnapshot.Builder histogram =
                HistogramSnapshot.builder().name(name).help(help);
        spreads.forEach(each -> histogram.dataPoint(HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(buckets(each))
                .sum(each.sum())
                .labels(Labels.of(label, each.value()))
                .build()));
        snapshots.metricSnapshot(histogram.build());
        return this;
    }

    /** A histogram of what is there now: its counts go up and down. */
    public MetricsPage gaugeHistogram(String name, String help, Spread spread) {
        snapshots.metricSnapshot(HistogramSnapshot.builder()
                .gaugeHistogram(true)
                .name(name)
                .help(help)
                .dataPoint(HistogramDataPointSnapshot.builder()
                        .classicHistogramBuckets(buckets(spread))
                        .sum(spread.sum())
                        .build())
                .build());
        return this;
    }

    private static ClassicHistogramBuckets buckets(Spread spread) {
        ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
        for (int i = 0; i < spread.counts().size(); i++) {
            boolean last = i == spread.bounds().size();
            buckets.bucket(
                    last ? Double.POSITIVE_INFINITY : spread.bounds().get(i),
                    spread.counts().get(i));
        }
        return buckets.build();
    }

    private static Labels labels(List<String> names, Labelled each) {
        return Labels.of(names, each.values());
    }

    private static String bare(String name) {
        if (!name.endsWith(TOTAL)) {
            throw new IllegalArgumentException(name);
        }
        return name.substring(0, name.length() - TOTAL.length());
    }

    MetricSnapshots toSnapshots() {
        return snapshots.build();
    }
}
