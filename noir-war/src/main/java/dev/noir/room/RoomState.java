package dev.noir.room;

import dev.noir.access.Caller;
import dev.noir.access.Grants;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What has been laid down for a room while it is open and must outlive its host. Immutable, and bounded: see the constants.
 *
 * @param locked nobody shall come in
 * @param lobby whether who comes in waits; empty: nobody has said, so it is as configured
 * @param bans the only part that outlives the room
 * @param grants where they differ from what was decided at the door
 * @param waiting who is in and has not been admitted
 * @param secrets hashes of what those who have a name must show to take it again
 * @param recorded whether it is recorded; empty: nobody has said, so it is as configured
 */
public record RoomState(
        boolean locked,
        Optional<Boolean> lobby,
        List<Ban> bans,
        Map<Subject, Grants> grants,
        Squelches squelches,
        Set<PeerName> waiting,
        Map<PeerName, String> secrets,
        Optional<Boolean> recorded) {
    public static final RoomState NONE = new RoomState(
            false, Optional.empty(), List.of(), Map.of(), Squelches.NONE, Set.of(), Map.of(), Optional.empty());

    /** Of more than so many bans those that end first are dropped. */
    public static final int MAX_BANS = 1000;

    /** Of changed grants; the oldest are dropped. */
    public static final int MAX_GRANTS = 1000;

    public RoomState {
        bans = bans.size() <= MAX_BANS
                ? List.copyOf(bans)
                : bans.stream()
                        .sorted(Comparator.comparing(Ban::until).reversed())
                        .limit(MAX_BANS)
                        .toList();
        Map<Subject, Grants> newest = new LinkedHashMap<>(grants);
        while (newest.size() > MAX_GRANTS) {
            newest.remove(newest.keySet().iterator().next());
        }
        grants = Collections.unmodifiableMap(newest);
        waiting = Collections.unmodifiableSet(new LinkedHashSet<>(waiting));
        secrets = Map.copyOf(secrets);
    }

    public boolean isNone() {
        return equals(NONE);
    }

    /** What stays when the room has closed. */
    public RoomState afterEnd() {
        return NONE.withBans(bans);
    }

    /** What a peer may do now. For who attends the lobby nothing holds that was laid down for those in the meeting. */
    Rights rights(Caller caller, PeerName name, Grants decided) {
        Subject subject = Subject.of(caller, name);
        if (caller.attends()) {
            return new Rights(decided, false, squelches.ownKindsOf(subject), squelches.streamsOf(subject));
        }
        return new Rights(
                grants.getOrDefault(subject, decided),
                waiting.contains(name),
                squelches.kindsOf(subject),
                squelches.streamsOf(subject));
    }

    Optional<Instant> bannedUntil(Caller caller, PeerName name, Instant now) {
        return bans.stream()
                .filter(ban -> !ban.isOver(now) && ban.holdsFor(caller, name))
                .map(Ban::until)
                .max(Comparator.naturalOrder());
    }

    Optional<Instant> returningBannedUntil(Caller caller, PeerName name, Instant now) {
        return bans.stream()
                .filter(ban -> !ban.isOver(now) && ban.holdsForReturning(caller, name))
                .map(Ban::until)
                .max(Comparator.naturalOrder());
    }

    RoomState withLocked(boolean now) {
        return new RoomState(now, lobby, bans, grants, squelches, waiting, secrets, recorded);
    }

    RoomState withLobby(boolean now) {
        return new RoomState(locked, Optional.of(now), bans, grants, squelches, waiting, secrets, recorded);
    }

    RoomState withRecorded(boolean now) {
        return new RoomState(locked, lobby, bans, grants, squelches, waiting, secrets, Optional.of(now));
    }

    public RoomState withBans(List<Ban> changed) {
        return new RoomState(locked, lobby, changed, grants, squelches, waiting, secrets, recorded);
    }

    RoomState withBan(Ban ban) {
        List<Ban> more = new ArrayList<>(bans);
        more.add(ban);
        return withBans(more);
    }

    RoomState withoutBan(String id) {
        return withBans(bans.stream().filter(ban -> !ban.id().equals(id)).toList());
    }

    /** Bans that are over are forgotten. */
    RoomState at(Instant now) {
        boolean over = bans.stream().anyMatch(ban -> ban.isOver(now));
        return over ? withBans(bans.stream().filter(ban -> !ban.isOver(now)).toList()) : this;
    }

    RoomState withGrants(Subject subject, Grants changed) {
        Map<Subject, Grants> more = new LinkedHashMap<>(grants);
        more.remove(subject); // The newest stands last.
        more.put(subject, changed);
        return new RoomState(locked, lobby, bans, more, squelches, waiting, secrets, recorded);
    }

    RoomState withSquelches(Squelches changed) {
        return new RoomState(locked, lobby, bans, grants, changed, waiting, secrets, recorded);
    }

    RoomState withWaiting(PeerName name, boolean waits) {
        if (waiting.contains(name) == waits) {
            return this;
        }
        Set<PeerName> changed = new LinkedHashSet<>(waiting);
        if (waits) {
            changed.add(name);
        } else {
            changed.remove(name);
        }
        return new RoomState(locked, lobby, bans, grants, squelches, changed, secrets, recorded);
    }

    RoomState withSecret(PeerName name, String hash) {
        Map<PeerName, String> changed = new LinkedHashMap<>(secrets);
        changed.put(name, hash);
        return withSecrets(changed);
    }

    RoomState withoutSecret(PeerName name) {
        if (!secrets.containsKey(name)) {
            return this;
        }
        Map<PeerName, String> changed = new LinkedHashMap<>(secrets);
        changed.remove(name);
        return withSecrets(changed);
    }

    /** Without who waits, and who has a secret, under another name. */
    RoomState withOnly(Set<PeerName> names) {
        Map<PeerName, String> kept = new LinkedHashMap<>(secrets);
        kept.keySet().retainAll(names);
        Set<PeerName> stillWaiting = new LinkedHashSet<>(waiting);
        stillWaiting.retainAll(names);
        return new RoomState(locked, lobby, bans, grants, squelches, stillWaiting, kept, recorded);
    }

    private RoomState withSecrets(Map<PeerName, String> changed) {
        return new RoomState(locked, lobby, bans, grants, squelches, waiting, changed, recorded);
    }
}
