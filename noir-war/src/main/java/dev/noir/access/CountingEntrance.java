package dev.noir.access;

import java.util.Set;

/** Another entrance that also counts how many rooms somebody opens. Thread: any. */
public final class CountingEntrance implements Entrance {
    private final Entrance entrance;
    private final Quotas quotas;

    public CountingEntrance(Entrance entrance, Quotas quotas) {
        this.entrance = entrance;
        this.quotas = quotas;
    }

    @Override
    public Verdict admit(Caller caller, String room, RoomFacts facts, Set<Pass> passes) {
        Verdict verdict = entrance.admit(caller, room, facts, passes);
        if (facts.fresh() && verdict instanceof Granted && !quotas.mayOpenRoom(caller)) {
            return new Refused(Reason.TOO_MANY, "too many new rooms, try again later");
        }
        return verdict;
    }

    @Override
    public boolean hasLobby(String room) {
        return entrance.hasLobby(room);
    }
}
