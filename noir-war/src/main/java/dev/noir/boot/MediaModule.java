package dev.noir.boot;

import dev.noir.admin.Health;
import dev.noir.config.NoirConfig;
import dev.noir.media.AudioSettings;
import dev.noir.media.PlayoutDelay;
import dev.noir.room.Scheduler;
import dev.noir.sfu.FreedMemory;
import dev.noir.sfu.MediaPlaneConfig;
import dev.noir.sfu.NativeMediaPlane;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.OptionalInt;

/** Beans of {@code sfu}. Thread: the server's deployer. */
@Dependent
final class MediaModule {
    @Produces
    @Singleton
    NativeMediaPlane media(
            NoirConfig config, NodeId id, ContainerThreads threads, Scheduler scheduler, Health health, Parts parts) {
        FreedMemory freed = new FreedMemory(scheduler, threads.patient());
        NativeMediaPlane media = parts.add(
                "media",
                NativeMediaPlane.open(
                        new MediaPlaneConfig(
                                config.mediaPort(),
                                config.mediaLoops(),
                                config.mediaAddresses(),
                                config.mediaAnnouncedAddresses(),
                                id.shortened(),
                                config.ice().tcp(),
                                pagesPort(config),
                                audio(config.audio()),
                                config.playoutDelay().map(set -> new PlayoutDelay(set.min(), set.max()))),
                        threads.factory(),
                        threads.tasks(),
                        freed::changed));
        health.addCheck("media", media::isHealthy);
        return media;
    }

    /** With {@code java -jar} alone; other servers keep their connections. */
    private static OptionalInt pagesPort(NoirConfig config) {
        return Boolean.getBoolean("dev.noir.launched") ? config.ports().media() : OptionalInt.empty();
    }

    private static AudioSettings audio(dev.noir.config.AudioSettings set) {
        return new AudioSettings(set.interval(), set.threshold(), set.filter(), set.loudest());
    }

    @Produces
    @Singleton
    NodeId id(NoirConfig config) {
        return NodeId.of(config);
    }

    @Produces
    @Singleton
    LoadMeter load(NoirConfig config, NativeMediaPlane media, Scheduler scheduler, Parts parts) {
        LoadMeter load = parts.add("load meter", new LoadMeter(media, scheduler));
        if (!config.redisUrl().isEmpty()) {
            load.start();
        }
        return load;
    }
}
