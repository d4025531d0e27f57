package dev.noir.boot;

import dev.noir.access.CountingEntrance;
import dev.noir.access.Entrance;
import dev.noir.access.Invitations;
import dev.noir.access.Passwords;
import dev.noir.access.Quotas;
import dev.noir.access.RoomPasswords;
import dev.noir.access.RuledEntrance;
import dev.noir.access.TakenName;
import dev.noir.config.NoirConfig;
import dev.noir.config.StrangerSettings;
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
import java.util.OptionalInt;

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
    Entrance entrance(NoirConfig config, PolicyWatch policies, Quotas quotas) {
        boolean loginNeeded = config.auth().mode().equals("required");
        return new CountingEntrance(new RuledEntrance(policies, loginNeeded), quotas);
    }

    @Produces
    @Singleton
    Quotas quotas(NoirConfig config, Scheduler scheduler) {
        StrangerSettings settings = config.strangers();
        return new Quotas(
                share(settings, "address"),
                share(settings, "principal"),
                ofStrangers(settings.limit("sockets"), settings.limit("known-share")),
                scheduler::nanoTime);
    }

    /** A share of nothing is none; no limit has no shares. */
    static OptionalInt ofStrangers(int sockets, int knownShare) {
        return sockets == 0 ? OptionalInt.empty() : OptionalInt.of((int) (sockets * (100L - knownShare) / 100));
    }

    private static Quotas.Share share(StrangerSettings settings, String of) {
        return new Quotas.Share(
                settings.limit("sockets-per-" + of),
                settings.limit("joins-per-" + of),
                settings.limit("rooms-per-" + of));
    }

    @Produces
    @Singleton
    Invitations invitations(NoirConfig config) {
        return Invitations.of(config.clusterSecret(), new SecureRandom(), Clock.systemUTC());
    }

    @Produces
    @Singleton
    Passwords passwords(PolicyWatch policies, LeaseKeeper leases, Invitations invitations, Scheduler scheduler) {
        return new RoomPasswords(
                policies,
                room -> leases.options(new RoomId(room), RoomOptions.DEFAULT).passwords(),
                invitations,
                scheduler::nanoTime,
                new SecureRandom());
    }

    @Produces
    @Singleton
    RoomAccess roomAccess(NoirConfig config, Entrance entrance, Invitations invitations) {
        TakenName taken = TakenName.valueOf(config.names().taken().toUpperCase(Locale.ROOT));
        return new RoomAccess(entrance, taken, invitations, Clock.systemUTC());
    }
}
