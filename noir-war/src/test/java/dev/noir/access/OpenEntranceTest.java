package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.access.Entrance.Granted;
import dev.noir.access.Entrance.Reason;
import dev.noir.access.Entrance.Refused;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OpenEntranceTest {
    private static final Caller MODERATOR = new Caller("eva", Set.of("noir-moderator"), Caller.Means.CONTAINER, "");
    private static final Caller ADMINISTRATOR = new Caller("ada", Set.of("noir-admin"), Caller.Means.CONTAINER, "");
    private static final Grants MODERATES = Grants.MEMBER.with(Grant.MODERATE);

    private final Entrance entrance = new OpenEntrance();

    private Entrance.Verdict admit(Caller caller, RoomFacts facts) {
        return entrance.admit(caller, "r", facts, Set.of());
    }

    @Test
    void letsEverybodyDoWhatMembersDo() {
        assertEquals(new Granted(Grants.MEMBER, false), admit(Caller.ANONYMOUS, RoomFacts.FRESH));
        assertEquals(new Granted(MODERATES, false), admit(MODERATOR, RoomFacts.FRESH));
        assertEquals(new Granted(MODERATES.with(Grant.ADMINISTER), false), admit(ADMINISTRATOR, RoomFacts.FRESH));
    }

    @Test
    void keepsALockedRoomClosedForAllButModerators() {
        RoomFacts locked = new RoomFacts(false, 2, true, false, Optional.empty(), Set.of(), OwnPolicy.NONE);

        assertEquals(new Refused(Reason.LOCKED, "the room is locked"), admit(Caller.ANONYMOUS, locked));
        assertEquals(new Granted(MODERATES, false), admit(MODERATOR, locked));
    }

    @Test
    void makesAllButModeratorsWaitInALobby() {
        RoomFacts lobby = new RoomFacts(false, 2, false, true, Optional.empty(), Set.of(), OwnPolicy.NONE);

        assertEquals(new Granted(Grants.MEMBER, true), admit(Caller.ANONYMOUS, lobby));
        assertEquals(new Granted(MODERATES, false), admit(MODERATOR, lobby));
    }

    @Test
    void keepsTheBannedOutUnlessTheyAdminister() {
        RoomFacts banned =
                RoomFacts.returning(Optional.of(Instant.parse("2030-01-02T03:04:05.678Z")), Set.of(), OwnPolicy.NONE);

        assertEquals(new Refused(Reason.BANNED, "banned until 2030-01-02T03:04:05Z"), admit(Caller.ANONYMOUS, banned));
        assertEquals(Reason.BANNED, ((Refused) admit(MODERATOR, banned)).reason());
        assertEquals(Granted.class, admit(ADMINISTRATOR, banned).getClass());
    }
}
