package dev.noir.boot;

import dev.noir.access.Caller;
import dev.noir.access.Glob;
import dev.noir.admin.HlsJob;
import dev.noir.admin.JobKind;
import dev.noir.admin.Metrics;
import dev.noir.admin.RtmpSend;
import dev.noir.config.NoirConfig;
import dev.noir.config.RestreamingSettings;
import dev.noir.restreaming.FfmpegPrograms;
import dev.noir.restreaming.HlsServlet;
import dev.noir.restreaming.Restreamer;
import dev.noir.restreaming.TargetRules;
import dev.noir.room.RoomId;
import dev.noir.room.RoomService;
import dev.noir.room.Scheduler;
import dev.noir.room.TrackWatch;
import dev.noir.signal.OriginPolicy;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;

/** Beans of {@code restreaming}, and the jobs that use them. Thread: the server's deployer. */
@Dependent
final class RestreamingModule {
    @Produces
    @Singleton
    Restreamer restreamer(
            NoirConfig config,
            RoomService rooms,
            ContainerThreads threads,
            Scheduler scheduler,
            Metrics metrics,
            Parts parts) {
        RestreamingSettings settings = config.disk().restreaming();
        FfmpegPrograms programs = parts.add("programs that send streams", new FfmpegPrograms());
        Restreamer restreamer = new Restreamer(
                new Restreamer.Terms(
                        settings.ffmpeg(),
                        new TargetRules(
                                settings.targets().stream().map(Glob::new).toList(), settings.privately()),
                        settings.streams(),
                        Optional.of(settings.hlsDirectory())
                                .filter(directory -> !directory.isEmpty())
                                .map(Path::of)),
                new Hosted(rooms),
                programs,
                scheduler,
                threads.writers(settings.streams()),
                new SecureRandom());
        metrics.add(new RestreamingMetrics(restreamer, programs));
        return restreamer;
    }

    @Produces
    @Singleton
    JobKind rtmpSend(Restreamer restreamer) {
        return new RtmpSend(restreamer);
    }

    @Produces
    @Singleton
    JobKind hls(Restreamer restreamer) {
        return new HlsJob(restreamer);
    }

    @Produces
    @Singleton
    HlsServlet.Parts servlet(Restreamer restreamer, OriginPolicy origins) {
        return new HlsServlet.Parts(restreamer, origins::allows);
    }

    private record Hosted(RoomService rooms) implements Restreamer.Rooms {
        @Override
        public void watch(RoomId room, TrackWatch watch) {
            rooms.watch(room, watch);
        }

        @Override
        public void unwatch(RoomId room, TrackWatch watch) {
            rooms.unwatch(room, watch);
        }

        @Override
        public boolean mayWatch(RoomId room, Caller caller) {
            return rooms.mayWatch(room, caller);
        }
    }
}
