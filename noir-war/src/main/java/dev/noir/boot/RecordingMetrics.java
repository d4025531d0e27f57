package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.admin.MetricsPage;
import dev.noir.recording.Recordings;

/** What a node tells its operator of what it records. Thread: any. */
final class RecordingMetrics implements Metrics.Source {
    private final Recordings recordings;

    RecordingMetrics(Recordings recordings) {
        this.recordings = recordings;
    }

    @Override
    public void collect(MetricsPage page) {
        page.gauge("noir_recording_files", "Files that are being written", recordings.open());
        page.counter("noir_recording_bytes_total", "Bytes of recordings that have been written", recordings.bytes());
        page.counter(
                "noir_recording_failures_total",
                "Recordings of rooms that have ended because nothing could be written",
                recordings.failures());
        page.counter(
                "noir_recording_lost_packets_total",
                "Packets that are missing from recordings, since they never came",
                recordings.lostPackets());
        page.counter(
                "noir_recording_dropped_frames_total",
                "Frames that are missing from recordings, since the disk was too slow or the file had no place for them",
                recordings.droppedFrames());
    }
}
