package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.admin.MetricsPage;
import dev.noir.restreaming.FfmpegPrograms;
import dev.noir.restreaming.Restreamer;

/** What a node tells its operator of what it sends out of rooms. Thread: any. */
final class RestreamingMetrics implements Metrics.Source {
    private final Restreamer restreamer;
    private final FfmpegPrograms programs;

    RestreamingMetrics(Restreamer restreamer, FfmpegPrograms programs) {
        this.restreamer = restreamer;
        this.programs = programs;
    }

    @Override
    public void collect(MetricsPage page) {
        page.gauge(
                "noir_restreaming_streams", "Streams that are sent out of rooms, or wait to be", restreamer.streams());
        page.gauge("noir_restreaming_programs", "Programs that run for that", programs.running());
        page.counter(
                "noir_restreaming_failures_total",
                "Programs that have ended too early, or could not be started",
                restreamer.failures());
    }
}
