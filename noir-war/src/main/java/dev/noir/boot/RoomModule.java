package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.bus.NodeInfo;
import dev.noir.config.NoirConfig;
import dev.noir.history.History;
import dev.noir.lease.LeaseKeeper;
import dev.noir.room.Projector;
import dev.noir.room.RoomAccess;
import dev.noir.room.RoomEvents;
import dev.noir.room.RoomLimits;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomService;
import dev.noir.room.Scheduler;
import dev.noir.sfu.NativeMediaPlane;
import dev.noir.signal.JsonApiMessages;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Beans of {@code room}, which knows nothing of them. Thread: the server's deployer. */
@Dependent
final class RoomModule {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    @Produces
    @Singleton
    RoomService rooms(
            NoirConfig config,
            NativeMediaPlane media,
            LoopMetrics loops,
            LoadMeter load,
            LeaseKeeper leases,
            RoomEvents events,
            History history,
            RoomAccess access,
            RecordingModule.Both recording,
            Projector projector,
            ContainerThreads threads,
            Scheduler scheduler,
            Metrics metrics,
            Parts parts) {
        RoomService rooms = new RoomService(
                defaults(config),
                RoomLimits.DEFAULT,
                leases,
                media,
                new JsonApiMessages(),
                events,
                scheduler,
                threads.tasks(),
                new SecureRandom(),
                access,
                recording.recorder(),
                projector);
        parts.add("rooms", () -> rooms.close().get(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS));
        if (!config.clusterServices().contains(NodeInfo.SFU)) {
            rooms.drain(); // It has just begun, and takes none from the beginning: whoever asks is sent elsewhere.
        }
        load.setRooms(rooms);
        history.start(rooms::snapshots);
        leases.onLost(rooms::leaseLost);
        metrics.add(new NodeMetrics(rooms, loops));
        return rooms;
    }

    static RoomOptions defaults(NoirConfig config) {
        return RoomOptions.DEFAULT
                .withMaxPeers(config.roomMaxPeers())
                .withMaxPublishers(config.roomMaxPublishers())
                .withMaxAge(config.roomMaxAge(), config.roomReserve());
    }
}
