package dev.noir.room;

import dev.noir.access.Caller;
import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.access.Password;
import dev.noir.room.Notification.RoomChanged;
import dev.noir.room.Notification.Waiting;
import dev.noir.room.RoomException.Code;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What moderators have laid down for a room, and how it comes into force: it is kept where the next host finds it, then peers
 * are made to comply, then whoever asked is told. What can't be kept is not put into force. Thread: rooms.
 */
final class Moderation {
    /** Who wants something. */
    private record Actor(Caller caller, String name, Grants grants) {
        boolean administers() {
            return grants.has(Grant.ADMINISTER);
        }
    }

    /** What other parts of the server may do for somebody. */
    private static final Grants ALL = Grants.of(Set.of(Grant.values()));

    /** Kept states run out (see {@link RoomDirectory#saveState}), and the store may have lost them. */
    static final Duration REFRESH = Duration.ofSeconds(60);

    // Given.
    private final Room room;
    private final RoomDirectory directory;
    private final Door door;

    // State. Volatile: written by the room, read by whoever asks what rooms are like.
    private volatile RoomState state;
    private Scheduler.@Nullable Timer refresh;
    private Scheduler.@Nullable Timer returns;
    private boolean stopped;

    // What was not saved may have been written all the same.
    private boolean unsure;

    Moderation(Room room, RoomDirectory directory, Door door, RoomState found) {
        this.room = room;
        this.directory = directory;
        this.door = door;
        this.state = found;
        scheduleRefresh();
        if (!found.equals(found.afterEnd())) {
            returns = room.schedule(room.context().limits().publisherTimeout(), this::returnsAreOver);
        }
    }

    /** Thread: any. */
    RoomState state() {
        return state;
    }

    /** As {@link Door#mayWatch}. Thread: any. */
    boolean mayWatch(Caller caller) {
        return door.mayWatch(caller, state);
    }

    /** Puts another state into force. Nothing has changed when this throws. */
    void change(RoomState next) {
        RoomState changed = next.at(room.context().access().clock().instant());
        if (changed.equals(state)) {
            return;
        }
        try {
            save(changed);
            state = changed;
        } catch (RoomException e) {
            unsure = true;
            throw e;
        } finally {
            if (refresh == null) {
                scheduleRefresh();
            }
        }
    }

    private void save(RoomState changed) {
        if (!directory.saveState(room.lease(), changed)) {
            throw new RoomException(Code.UNAVAILABLE, "the room is about to move to another server; try again");
        }
    }

    private void scheduleRefresh() {
        refresh = state.isNone() && !unsure ? null : room.schedule(REFRESH, this::refresh);
    }

    private void refresh() {
        if (stopped) {
            return;
        }
        unsure = !saveIfPossible(state);
        scheduleRefresh();
    }

    private boolean saveIfPossible(RoomState changed) {
        try {
            save(changed);
            return true;
        } catch (RoomException e) {
            Room.LOG.log(Level.INFO, () -> room.id() + ": its state is not kept: " + e.getMessage());
            return false;
        }
    }

    /** A peer that is gone waits no longer, and a name that nobody has needs no secret. */
    void left(PeerName name) {
        if (stopped) {
            return;
        }
        RoomState before = state;
        state = before.withWaiting(name, false).withoutSecret(name);
        if (state.equals(before)) {
            return;
        }
        unsure = !saveIfPossible(state);
        if (refresh == null) {
            scheduleRefresh();
        }
        if (before.waiting().contains(name)) {
            tellModerators();
        }
    }

    /** Those that could come back from the room's last host have done so. */
    private void returnsAreOver() {
        if (stopped) {
            return;
        }
        returns = null;
        state = state.withOnly(room.names());
    }

    /**
     * The room closes for good: of what was laid down, bans go on. But nothing is forgotten while somebody may still be on his
     * way here from a host that has died: else whoever is refused, or leaves, in that time would undo it for all.
     */
    void ended() {
        if (stopped) {
            return;
        }
        stop();
        if (returns != null) {
            return;
        }
        RoomState left = state.afterEnd();
        if (!left.equals(state)) {
            saveIfPossible(left);
        }
    }

    /** The room is here no longer. */
    void stop() {
        stopped = true;
        for (Scheduler.Timer timer : new Scheduler.@Nullable Timer[] {refresh, returns}) {
            if (timer != null) {
                timer.cancel();
            }
        }
    }

    /** A peer asks for something. */
    ModerationResult perform(Peer peer, ModerationCommand command) {
        Rights rights = peer.rights();
        return audited(peer.caller(), peer.name().value(), command, () -> {
            if (command.isManagement() || !rights.may(Grant.MODERATE)) {
                throw new RoomException(Code.FORBIDDEN, "you may not do that");
            }
            return perform(new Actor(peer.caller(), peer.name().value(), rights.grants()), command);
        });
    }

    /** Another part of the server asks for something, for somebody. */
    ModerationResult perform(Caller caller, ModerationCommand command) {
        return audited(caller, "", command, () -> perform(new Actor(caller, "", ALL), command));
    }

    private ModerationResult audited(
            Caller caller, String name, ModerationCommand command, Supplier<ModerationResult> act) {
        try {
            ModerationResult result = act.get();
            Audit.log(room.id(), caller, name, command, "done");
            return result;
        } catch (RoomException e) {
            Audit.log(room.id(), caller, name, command, String.valueOf(e.getMessage()));
            throw e;
        }
    }

    private ModerationResult perform(Actor actor, ModerationCommand command) {
        if (command instanceof ModerationCommand.Subscribe) {
            throw new RoomException(Code.INVALID, "a peer subscribes for itself");
        } else if (command instanceof ModerationCommand.Peers) {
            return report();
        } else if (command instanceof ModerationCommand.Describe) {
            return room.describe();
        } else if (command instanceof ModerationCommand.Reload) {
            room.terms().reload();
        } else if (command instanceof ModerationCommand.Close close) {
            room.end(CloseCause.ended(close.reason()));
        } else if (command instanceof ModerationCommand.JobHasFailed job) {
            room.news().jobFailed(job);
        } else if (command instanceof ModerationCommand.Lock lock) {
            enforce(state.withLocked(lock.locked()));
        } else if (command instanceof ModerationCommand.Lobby lobby) {
            enforce(state.withLobby(lobby.enabled()));
        } else if (command instanceof ModerationCommand.RecordRoom record) {
            record(record.enabled());
        } else if (command instanceof ModerationCommand.Admit admit) {
            Peer peer = subordinate(actor, admit.peer());
            RoomState next = state.withWaiting(peer.name(), false);
            room.terms().checkMayBecomePublisher(peer, rightsOf(next, peer));
            enforce(next);
        } else if (command instanceof ModerationCommand.Kick kick) {
            room.expel(subordinate(actor, kick.peer()), CloseCause.removed(kick.reason()));
        } else if (command instanceof ModerationCommand.Move move) {
            move(actor, member(actor, move.peer()), move.to());
        } else if (command instanceof ModerationCommand.Banish banish) {
            return banish(subordinate(actor, banish.peer()), banish);
        } else if (command instanceof ModerationCommand.Unban unban) {
            unban(unban.id());
        } else if (command instanceof ModerationCommand.Squelch squelch) {
            enforce(state.withSquelches(squelches(subordinate(actor, squelch.peer()), squelch)));
        } else if (command instanceof ModerationCommand.SquelchOthers others) {
            enforce(state.withSquelches(squelches(others)));
        } else if (command instanceof ModerationCommand.SetGrants grant) {
            grant(actor, member(actor, grant.peer()), grant.grants());
        }
        return new ModerationResult.Done();
    }

    private void record(boolean enabled) {
        RoomState before = state;
        change(before.withRecorded(enabled));
        try {
            room.recording().review();
        } catch (RoomException e) {
            change(before);
            throw e;
        }
        tellModerators();
    }

    /** It has turned out that the room cannot be recorded. */
    void notRecorded() {
        state = state.withRecorded(false);
        unsure = !saveIfPossible(state);
    }

    private Peer find(PeerName name) {
        Peer peer = room.find(name);
        if (peer == null) {
            throw new RoomException(Code.NO_SUCH_PEER, "there is no peer of that name");
        }
        return peer;
    }

    private Peer subordinate(Actor actor, PeerName name) {
        Peer peer = find(name);
        if (peer.rights().grants().has(Grant.ADMINISTER) && !actor.administers()) {
            throw new RoomException(Code.FORBIDDEN, "an administrator cannot be moderated");
        }
        return peer;
    }

    private Peer member(Actor actor, PeerName name) {
        Peer peer = subordinate(actor, name);
        if (peer.attends()) {
            throw new RoomException(Code.INVALID, "it is there for those who wait in the lobby, and for nothing else");
        }
        return peer;
    }

    /** Who sends somebody to a room answers for both: else people could be led before cameras that they know nothing of. */
    private void move(Actor actor, Peer peer, RoomId to) {
        if (to.equals(room.id())) {
            throw new RoomException(Code.INVALID, "the peer is in that room");
        }
        if (!actor.administers() && !door.mayModerate(actor.caller(), to)) {
            throw new RoomException(Code.FORBIDDEN, "you may not moderate the other room");
        }
        Password invitation = actor.administers()
                ? room.context()
                        .access()
                        .invitations()
                        .write(to.value(), peer.name().value(), peer.caller().principal())
                : Password.NONE;
        room.news().sentTo(peer, to);
        peer.link().notify(new Notification.SentTo(to, invitation));
        room.expel(peer, CloseCause.sentTo(to));
    }

    private ModerationResult banish(Peer peer, ModerationCommand.Banish command) {
        Instant until = room.context().access().clock().instant().plus(command.time());
        String id = Long.toString(room.context().random().nextLong(Long.MAX_VALUE), Character.MAX_RADIX);
        change(state.withBan(Ban.of(id, peer.name(), peer.caller(), until)));
        CloseCause cause = CloseCause.banned(command.reason());
        for (Peer same : room.peersOf(peer.caller(), peer)) {
            room.expel(same, cause);
        }
        return new ModerationResult.Banned(id);
    }

    private void unban(String id) {
        RoomState next = state.withoutBan(id);
        if (next.equals(state)) {
            throw new RoomException(Code.NO_SUCH_PEER, "there is no such ban");
        }
        enforce(next);
    }

    private Squelches squelches(Peer peer, ModerationCommand.Squelch command) {
        Subject subject = peer.subject();
        Squelches now = state.squelches();
        if (command.stream().isPresent()) {
            String stream = command.stream().get();
            return command.squelched() ? now.withStream(subject, stream) : now.withoutStream(subject, stream);
        }
        Set<Medium> media = command.medium().map(Set::of).orElse(Medium.ALL);
        return command.squelched() ? now.with(subject, media) : now.without(subject, media);
    }

    private Squelches squelches(ModerationCommand.SquelchOthers command) {
        Subject spared = find(command.except()).subject();
        Set<Medium> media = command.medium().map(Set::of).orElse(Medium.ALL);
        Squelches now = state.squelches();
        return command.squelched() ? now.withAllBut(spared, media) : now.withoutAllBut(media);
    }

    private void grant(Actor actor, Peer peer, Grants wanted) {
        Grants had = peer.rights().grants();
        for (Grant high : List.of(Grant.ADMINISTER, Grant.MODERATE)) {
            boolean mayGive = actor.administers()
                    || (high == Grant.MODERATE && actor.grants().has(high));
            if (wanted.has(high) && !had.has(high) && !mayGive) {
                throw new RoomException(Code.FORBIDDEN, "you may not give the grant " + high.wire());
            }
        }
        RoomState next = state.withGrants(peer.subject(), wanted.with(Grant.JOIN));
        room.terms().checkMayBecomePublisher(peer, rightsOf(next, peer));
        enforce(next);
    }

    private void enforce(RoomState next) {
        boolean wasLocked = state.locked();
        change(next);
        if (state.locked() != wasLocked) {
            room.news().locked(state.locked());
        }
        room.peers().forEach(peer -> room.guard(peer, () -> room.compliance().comply(peer)));
        tellModerators();
    }

    Rights rightsOf(Peer peer) {
        return rightsOf(state, peer);
    }

    private static Rights rightsOf(RoomState inForce, Peer peer) {
        return inForce.rights(peer.caller(), peer.name(), peer.decided());
    }

    void tellModerators() {
        List<Waiting> waiting = room.peers().stream()
                .filter(peer -> peer.rights().waiting())
                .map(peer -> new Waiting(peer.name(), peer.caller().principal()))
                .toList();
        RoomChanged news = new RoomChanged(
                state.locked(), door.hasLobby(state), room.context().recorder().isOn(), waiting);
        for (Peer peer : room.peers()) {
            if (peer.rights().may(Grant.MODERATE)) {
                peer.tellRoom(news);
            }
        }
    }

    private RoomReport report() {
        Instant now = room.context().access().clock().instant();
        return new RoomReport(
                state.locked(),
                door.hasLobby(state),
                room.peers().stream().map(Moderation::report).toList(),
                state.at(now).bans().stream()
                        .map(ban -> new RoomReport.BanReport(ban.id(), ban.name(), ban.principal(), ban.until()))
                        .toList());
    }

    private static RoomReport.PeerReport report(Peer peer) {
        Rights rights = peer.rights();
        Map<String, RoomReport.StreamReport> streams = new LinkedHashMap<>();
        for (Track track : peer.ingress().tracks()) {
            RoomReport.StreamReport stream = new RoomReport.StreamReport(
                    track.published().streamId(),
                    track.medium(),
                    track.published().screen(),
                    track.isSquelched());
            streams.put(stream.medium() + " " + stream.id(), stream);
        }
        return new RoomReport.PeerReport(
                peer.name(),
                peer.caller().principal(),
                rights.waiting(),
                rights.grants(),
                rights.squelched(),
                new ArrayList<>(streams.values()),
                peer.attends());
    }
}
