package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.admin.MetricsPage;
import dev.noir.bots.BotWorkers;

/** What a node tells its operator of its bots. Thread: any. */
final class BotMetrics implements Metrics.Source {
    private final BotWorkers workers;

    BotMetrics(BotWorkers workers) {
        this.workers = workers;
    }

    @Override
    public void collect(MetricsPage page) {
        BotWorkers.Counts counts = workers.counts();
        page.gauge("noir_bots", "Bots that are in rooms, or are to be", counts.bots());
        page.gauge("noir_bot_workers", "Processes of bots", counts.workers());
        page.counter("noir_bot_workers_started_total", "Processes of bots that have been started", counts.started());
        page.counter(
                "noir_bot_worker_crashes_total",
                "Processes of bots that have ended though they were not to",
                counts.crashes());
        page.counter(
                "noir_bot_worker_hangs_total",
                "Processes of bots that were killed because they said nothing any more",
                counts.hangs());
        page.counter(
                "noir_bot_workers_recycled_total",
                "Processes of bots that have been replaced since they had had enough bots",
                counts.recycled());
        page.counter("noir_bot_rejoins_total", "Times a lost bot was to join again", counts.rejoins());
    }
}
