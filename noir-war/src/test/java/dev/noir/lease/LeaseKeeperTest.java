package dev.noir.lease;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomId;
import dev.noir.room.RoomLease;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class LeaseKeeperTest {
    private static final RoomId ROOM = new RoomId("room");

    private final LocalRoomDirectory.Shared shared = new LocalRoomDirectory.Shared();
    private final RoomDirectory other = new LocalRoomDirectory("b", shared);
    private final LeaseKeeper keeper = new LeaseKeeper(new LocalRoomDirectory("a", shared));
    private final List<RoomLease> lost = new ArrayList<>();

    @BeforeEach
    void listen() {
        keeper.onLost(lost::add);
    }

    @Test
    void keepsWhatItClaimedUntilItIsReleased() {
        RoomLease lease = keeper.claim(ROOM);
        assertEquals(List.of(lease), keeper.leases());
        keeper.renew();

        assertTrue(keeper.release(lease));
        assertEquals(List.of(), keeper.leases());
        keeper.renew();
        assertEquals(Optional.empty(), other.find(ROOM));
        assertEquals(List.of(), lost);
    }

    @Test
    void keepsNothingOfOthers() {
        RoomLease lease = other.claim(ROOM);

        assertEquals(lease, keeper.claim(ROOM));
        assertEquals(List.of(), keeper.leases());
    }

    @Test
    void putsInForceAgainWhatHasRunOut() {
        RoomLease lease = keeper.claim(ROOM);
        shared.expire("a");
        keeper.renew();

        assertEquals(Optional.of(lease), other.find(ROOM));
        assertEquals(List.of(), lost);
    }

    @Test
    void putsAllInForceAgainAfterAnOutage() {
        RoomLease lease = keeper.claim(ROOM);
        shared.expire("a");
        keeper.reassert();

        assertEquals(Optional.of(lease), other.find(ROOM));
    }

    @Test
    void reportsOnceWhatAnotherNodeHasNow() {
        RoomLease lease = keeper.claim(ROOM);
        shared.expire("a");
        other.claim(ROOM);
        keeper.renew();
        keeper.renew();

        assertEquals(List.of(lease), lost);
        assertEquals(List.of(), keeper.leases());
    }

    @Test
    void aListenerThatThrowsDoesNotKeepTheOthersFromBeingTold() {
        RoomId second = new RoomId("second");
        keeper.onLost(lease -> {
            throw new IllegalStateException("thrown by the test");
        });
        keeper.claim(ROOM);
        keeper.claim(second);
        shared.expire("a");
        other.claim(ROOM);
        other.claim(second);
        keeper.renew();

        assertEquals(2, lost.size());
    }
}
