package dev.noir.boot;

import dev.noir.config.NoirConfig;
import dev.noir.history.History;
import dev.noir.room.Scheduler;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Beans of {@code history}. Thread: the server's deployer. */
@Dependent
final class HistoryModule {
    /** Not as {@link dev.noir.room.RoomEvents}, of which it is a part. */
    @Produces
    @Singleton
    @Typed(History.class)
    History history(NoirConfig config, Scheduler scheduler, Parts parts) {
        return parts.add("history", new History(config.events().history(), scheduler, Clock.systemUTC()));
    }
}
