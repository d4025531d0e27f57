package dev.noir.boot;

import dev.noir.admin.JobKind;
import dev.noir.admin.PlayFile;
import dev.noir.config.NoirConfig;
import dev.noir.config.PlayingSettings;
import dev.noir.playing.FolderProjector;
import dev.noir.playing.PlayFolder;
import dev.noir.playing.UrlFiles;
import dev.noir.playing.UrlRules;
import dev.noir.room.Projector;
import dev.noir.room.Scheduler;
import dev.noir.route.RoutedRooms;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;

/** Beans of {@code playing}, and the job that uses them. Thread: the server's deployer. */
@Dependent
final class PlayingModule {
    @Produces
    @Singleton
    Projector projector(NoirConfig config, ContainerThreads threads, Scheduler scheduler) {
        PlayingSettings settings = config.disk().playing();
        PlayFolder folder = new PlayFolder(settings.directory());
        UrlFiles urls =
                new UrlFiles(new UrlRules(settings.urls(), settings.privately()), settings.fetched(), scheduler);
        return folder.isOn() || urls.isOn()
                ? new FolderProjector(folder, urls, scheduler, Clock.systemUTC(), threads.patient())
                : Projector.NONE;
    }

    /** Also where there is no folder: the node that hosts the room may have one. */
    @Produces
    @Singleton
    JobKind playFile(RoutedRooms rooms, Scheduler scheduler) {
        return new PlayFile(rooms, scheduler, new SecureRandom());
    }
}
