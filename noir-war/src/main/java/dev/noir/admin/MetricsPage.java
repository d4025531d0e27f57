package dev.noir.admin;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;

/** The numbers of parts that are asked for them, as they are being put together. Thread: that of the request. */
public final class MetricsPage {
    private static final String TOTAL = "_total"; // The library's formats add it, each where it belongs.

    /** One of several numbers of the same name. */
    public record Labelled(String value, double number) {}

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
                .labels(Labels.of(label, each.value()))
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
        CounterSnapshot.Builder counter =
                CounterSnapshot.builder().name(bare(name)).help(help);
        values.forEach(each -> counter.dataPoint(CounterDataPointSnapshot.builder()
                .value(each.number())
                .labels(Labels.of(label, each.value()))
                .build()));
        snapshots.metricSnapshot(counter.build());
        return this;
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
