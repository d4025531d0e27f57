package dev.noir.boot;

import dev.noir.access.Entrance;
import dev.noir.access.Passwords;
import dev.noir.access.RoomPasswords;
import dev.noir.access.RuledEntrance;
import dev.noir.access.TakenName;
import dev.noir.config.NoirConfig;
import dev.noir.lease.LeaseKeeper;
import dev.noir.room.RoomAccess;
import dev.noir.room.RoomId;
import dev.noir.room.RoomOptions;
import dev.noir.room.Scheduler;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Locale;

/** Beans of {@code access}: who may come into which room, and under which name. Thread: the server's deployer. */
@Dependent
final class AccessModule {
    @Produces
    @Singleton
    PolicyWatch policies(NoirConfig config, ContainerThreads threads, Scheduler scheduler, Parts parts) {
        return parts.add("policies", new PolicyWatch(config.access(), scheduler, threads.tasks()));
    }

    @Produces
    @Singleton
    Entrance entrance(NoirConfig config, PolicyWatch policies) {
        return new RuledEntrance(policies, config.auth().mode().equals("required"));
    }

    @Produces
    @Singleton
    Passwords passwords(PolicyWatch policies, LeaseKeeper leases, Scheduler scheduler) {
        return new RoomPasswords(
                policies,
                room -> leases.options(new RoomId(room), RoomOptions.DEFAULT).passwords(),
                scheduler::nanoTime,
                new SecureRandom());
    }

    @Produces
    @Singleton
    RoomAccess roomAccess(NoirConfig config, Entrance entrance) {
        TakenName taken = TakenName.valueOf(config.names().taken().toUpperCase(Locale.ROOT));
        return new RoomAccess(entrance, taken, Clock.systemUTC());
    }
}
