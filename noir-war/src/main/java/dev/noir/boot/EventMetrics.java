package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.admin.MetricsPage;
import dev.noir.eventlog.EventWriter;

/** What a node tells its operator of what it writes into the logs of its rooms. Thread: any. */
final class EventMetrics implements Metrics.Source {
    private final EventWriter writer;

    EventMetrics(EventWriter writer) {
        this.writer = writer;
    }

    @Override
    public void collect(MetricsPage page) {
        page.counter("noir_events_written_total", "Events in logs of rooms", writer.written());
        page.counter(
                "noir_events_dropped_total",
                "Events that no log has, since another node had the room",
                writer.dropped());
        page.gauge("noir_events_waiting", "Events that wait to be written", writer.waiting());
        page.gauge(
                "noir_events_lag_seconds",
                "For how long the first of them has waited",
                writer.lag().toSeconds());
    }
}
