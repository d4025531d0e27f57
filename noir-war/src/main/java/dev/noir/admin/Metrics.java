package dev.noir.admin;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;

/** What an operator's monitoring reads, in the Prometheus text format 0.0.4. Thread: any. */
public final class Metrics {
    private enum Type {
        GAUGE,
        COUNTER;

        String word() {
            return this == GAUGE ? "gauge" : "counter";
        }
    }

    private record Metric(String name, String help, Type type, LongSupplier value) {}

    private final List<Metric> metrics = new CopyOnWriteArrayList<>();

    /** A number that goes up and down. The supplier is asked by request threads: it must not block for long. */
    public void addGauge(String name, String help, LongSupplier value) {
        metrics.add(new Metric(name, help, Type.GAUGE, value));
    }

    /** A number that only grows; by custom its name ends in {@code _total}. */
    public void addCounter(String name, String help, LongSupplier value) {
        metrics.add(new Metric(name, help, Type.COUNTER, value));
    }

    public String print() {
        StringBuilder text = new StringBuilder();
        for (Metric metric : metrics) {
            text.append("# HELP ").append(metric.name()).append(' ').append(metric.help());
            text.append("\n# TYPE ")
                    .append(metric.name())
                    .append(' ')
                    .append(metric.type().word());
            text.append('\n')
                    .append(metric.name())
                    .append(' ')
                    .append(metric.value().getAsLong());
            text.append('\n');
        }
        return text.toString();
    }
}
