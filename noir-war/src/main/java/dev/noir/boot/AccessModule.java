package dev.noir.boot;

import dev.noir.access.Entrance;
import dev.noir.access.OpenEntrance;
import dev.noir.access.Passwords;
import dev.noir.access.TakenName;
import dev.noir.room.RoomAccess;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Beans of {@code access}: who may come into which room, and under which name. Thread: the server's deployer. */
@Dependent
final class AccessModule {
    @Produces
    @Singleton
    Entrance entrance() {
        return new OpenEntrance();
    }

    @Produces
    @Singleton
    Passwords passwords() {
        return Passwords.NONE;
    }

    @Produces
    @Singleton
    RoomAccess roomAccess(Entrance entrance) {
        return new RoomAccess(entrance, TakenName.REPLACE, Clock.systemUTC());
    }
}
