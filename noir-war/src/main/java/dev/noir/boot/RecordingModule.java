package dev.noir.boot;

import dev.noir.access.Glob;
import dev.noir.admin.Metrics;
import dev.noir.config.NoirConfig;
import dev.noir.config.RecordingSettings;
import dev.noir.recording.DirectoryRecorder;
import dev.noir.recording.Recordings;
import dev.noir.room.Recorder;
import dev.noir.room.Scheduler;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Beans of {@code recording}. Thread: the server's deployer. */
@Dependent
final class RecordingModule {
    /**
     * Both sides of what records.
     *
     * @param recorder for rooms
     * @param recordings for who looks
     */
    record Both(Recorder recorder, Recordings recordings) {}

    @Produces
    @Singleton
    Both both(
            NoirConfig config,
            NodeId node,
            ContainerThreads threads,
            Scheduler scheduler,
            Metrics metrics,
            Parts parts) {
        RecordingSettings settings = config.disk().recording();
        if (!settings.isOn()) {
            return new Both(Recorder.NONE, Recordings.NONE);
        }
        List<Glob> automatic = settings.automatic().stream().map(Glob::new).toList();
        DirectoryRecorder recorder = parts.add(
                "recordings",
                new DirectoryRecorder(
                        new DirectoryRecorder.Terms(
                                Path.of(settings.directory()),
                                settings.quota(),
                                settings.free(),
                                settings.keep(),
                                room -> automatic.stream().anyMatch(glob -> glob.matches(room)),
                                settings.mp4()),
                        node.text(),
                        threads.patient(),
                        scheduler,
                        Clock.systemUTC()));
        metrics.add(new RecordingMetrics(recorder));
        return new Both(recorder, recorder);
    }
}
