package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.admin.MetricsPage;
import dev.noir.webhook.WebhookDispatcher;

/** What a node tells its operator of what it delivers. Thread: any. */
final class WebhookMetrics implements Metrics.Source {
    private final WebhookDispatcher dispatcher;

    WebhookMetrics(WebhookDispatcher dispatcher) {
        this.dispatcher = dispatcher;
    }

    @Override
    public void collect(MetricsPage page) {
        page.counter("noir_webhooks_delivered_total", "Events that receivers have taken", dispatcher.delivered());
        page.counter("noir_webhooks_failed_total", "Attempts at that which have failed", dispatcher.failed());
        page.gauge(
                "noir_webhooks_waiting_rooms",
                "Rooms with events that wait for a receiver, once for each",
                dispatcher.waitingRooms());
    }
}
