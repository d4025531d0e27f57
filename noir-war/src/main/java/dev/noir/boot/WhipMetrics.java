package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.admin.MetricsPage;
import dev.noir.admin.MetricsPage.Labelled;
import dev.noir.whip.Sessions;
import java.util.List;
import java.util.function.Supplier;

/** What a node tells its operator of who has come by HTTP. Thread: any. */
final class WhipMetrics implements Metrics.Source {
    private final Supplier<Sessions.Counts> counts;

    WhipMetrics(Supplier<Sessions.Counts> counts) {
        this.counts = counts;
    }

    @Override
    public void collect(MetricsPage page) {
        Sessions.Counts now = counts.get();
        page.gauges(
                "noir_whip_sessions",
                "Publishers and viewers that have come to this node by HTTP",
                "kind",
                List.of(new Labelled("whip", now.publishers()), new Labelled("whep", now.viewers())));
    }
}
