package dev.noir.route;

import dev.noir.access.Passwords;
import dev.noir.bus.LocalNodeBus;
import dev.noir.bus.LocalNodeRegistry;
import dev.noir.bus.NodeInfo;
import dev.noir.bus.NodeLoad;
import dev.noir.bus.NodeState;
import dev.noir.lease.LocalRoomDirectory;
import dev.noir.room.FakeMediaPlane;
import dev.noir.room.RoomLimits;
import dev.noir.room.RoomOptions;
import dev.noir.room.RoomService;
import dev.noir.room.Scheduler;
import dev.noir.room.TestAccess;
import dev.noir.signal.JsonApiMessages;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** A node with everything between its sockets and its media faked, as it is without Redis; tasks run at once. */
public final class LoneNode {
    public final FakeMediaPlane media = new FakeMediaPlane();
    public final LocalNodeRegistry registry;
    public final RoomService service;
    public final RoutedRooms rooms;

    public LoneNode(Scheduler scheduler) {
        this(
                "n",
                scheduler,
                new LocalRoomDirectory.Shared(),
                new LocalNodeRegistry.Shared(),
                new LocalNodeBus.Shared());
    }

    /** One of several that see each other. */
    public LoneNode(
            String id,
            Scheduler scheduler,
            LocalRoomDirectory.Shared leases,
            LocalNodeRegistry.Shared registries,
            LocalNodeBus.Shared buses) {
        LocalRoomDirectory directory = new LocalRoomDirectory(id, leases);
        registry = new LocalNodeRegistry(
                new NodeInfo(
                        id, Set.of(NodeInfo.SIGNAL, NodeInfo.SFU), NodeState.UP, NodeLoad.NONE, List.of(), "test", 0),
                () -> NodeLoad.NONE,
                registries);
        service = new RoomService(
                RoomOptions.DEFAULT,
                RoomLimits.DEFAULT,
                directory,
                media,
                new JsonApiMessages(),
                scheduler,
                Runnable::run,
                new Random(1),
                TestAccess.open(scheduler));
        rooms = new RoutedRooms(
                service,
                directory,
                registry,
                new LocalNodeBus(id, buses, Runnable::run),
                scheduler,
                Runnable::run,
                new Random(3),
                Passwords.NONE,
                true);
        rooms.start();
    }
}
