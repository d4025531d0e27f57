package dev.noir.room;

import dev.noir.access.Caller;
import dev.noir.access.Entrance;
import dev.noir.access.Entrance.Reason;
import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.access.OwnPolicy;
import dev.noir.access.Pass;
import dev.noir.access.RoomFacts;
import dev.noir.access.TakenName;
import dev.noir.room.RoomException.Code;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Decides who comes into a room, and under which name. Changes nothing. Thread: rooms. */
final class Door {
    /**
     * Somebody may come in.
     *
     * @param grants as decided; what moderators have changed stands in the state
     * @param state the room's, once he is in
     * @param secret for taking the name again; empty: there is none
     */
    record Admission(Grants grants, RoomState state, String secret) {}

    /** What is played may be sent, to the room or to its lobby, and nothing else be done. */
    private static final Grants PLAYER = Grants.of(List.of(Grant.JOIN, Grant.PUBLISH_AUDIO, Grant.PUBLISH_VIDEO));

    // Given.
    private final RoomId room;
    private final RoomContext context;
    private final Supplier<RoomOptions> options;

    /** @param options in force now */
    Door(RoomId room, RoomContext context, Supplier<RoomOptions> options) {
        this.room = room;
        this.context = context;
        this.options = options;
    }

    /** Whether who comes in now waits. */
    boolean hasLobby(RoomState state) {
        return state.lobby()
                .or(() -> options.get().policy().lobby())
                .orElseGet(() -> context.access().entrance().hasLobby(room.value()));
    }

    /** Whether the rules alone let somebody moderate another room, whatever has been laid down in that. */
    boolean mayModerate(Caller caller, RoomId other) {
        RoomFacts open = RoomFacts.returning(Optional.empty(), Set.of(), OwnPolicy.NONE);
        return context.access().entrance().admit(caller, other.value(), open, Set.of())
                        instanceof Entrance.Granted granted
                && (granted.grants().has(Grant.MODERATE) || granted.grants().has(Grant.ADMINISTER));
    }

    /**
     * Whether somebody may watch from outside what is shown here. That he has been told where it is opens what a password opens,
     * and nobody has to let him in. Thread: any.
     */
    boolean mayWatch(Caller caller, RoomState state) {
        PeerName nobody = PeerName.generate(context.random()); // He has no name here.
        RoomFacts facts = RoomFacts.returning(
                state.bannedUntil(caller, nobody, now()),
                options.get().passwords().passes(),
                options.get().policy());
        return !caller.attends()
                && context.access().entrance().admit(caller, room.value(), facts, Set.of(Pass.JOIN))
                        instanceof Entrance.Granted granted
                && state.rights(caller, nobody, granted.grants()).may(Grant.SUBSCRIBE);
    }

    /**
     * Of a newcomer.
     *
     * @param older who has the name
     * @param peers how many are in the room, without those that attend its lobby
     * @throws RoomException when it may not come in
     */
    Admission join(JoinRequest request, @Nullable Peer older, int peers, RoomState state) {
        if (request.config().connections() == Connections.INJECTED) {
            return injected(request, older, state);
        }
        if (request.caller().attends()) {
            return attending(request, older, peers, state);
        }
        Caller caller = request.caller();
        PeerName name = request.peer();
        boolean back = isBack(request, older, state);
        RoomFacts facts = new RoomFacts(
                peers == 0,
                older == null ? peers : peers - 1,
                state.locked() && !back,
                hasLobby(state) && !back,
                state.bannedUntil(caller, name, now()),
                options.get().passwords().passes(),
                options.get().policy());
        Entrance.Granted granted = ask(caller, facts, request.passes());
        boolean waits = granted.waiting() || (back && state.waiting().contains(name));
        if (!back) {
            checkName(name, caller, older, waits, state);
        }
        RoomState next = withoutMore(state, Subject.of(caller, name), caller, granted.grants())
                .withWaiting(name, waits);
        if (context.access().taken() != TakenName.SECRET || !caller.isAnonymous()) {
            return new Admission(granted.grants(), next, "");
        }
        String secret = ResumeSecrets.make(context.random());
        return new Admission(granted.grants(), next.withSecret(name, ResumeSecrets.hash(secret)), secret);
    }

    /** An administrator wants it, whom no rule keeps out. But its name it takes from nobody, and a ban of that holds. */
    private Admission injected(JoinRequest request, @Nullable Peer older, RoomState state) {
        PeerName name = request.peer();
        if (state.bannedUntil(request.caller(), name, now()).isPresent()) {
            throw new RoomException(Code.BANNED, "that name is banned in this room");
        }
        if (older != null || state.secrets().containsKey(name)) {
            throw taken(name);
        }
        return new Admission(PLAYER, state, "");
    }

    /** As above; but it opens no room. Its own place it takes again, when its connection has been lost. */
    private Admission attending(JoinRequest request, @Nullable Peer older, int peers, RoomState state) {
        if (peers == 0) {
            throw new RoomException(Code.UNAVAILABLE, "nobody is in the room");
        }
        boolean own = older != null
                && older.attends()
                && older.caller().principal().equals(request.caller().principal());
        return injected(request, own ? null : older, state);
    }

    private static RoomException taken(PeerName name) {
        return new RoomException(Code.FORBIDDEN, "somebody else has the name " + name + " in this room");
    }

    /** Of somebody who was in the room when its host died. Whatever kept others out, he has passed it. */
    Admission resume(ResumeRequest request, RoomState state) {
        Optional<Instant> banned = state.returningBannedUntil(request.caller(), request.peer(), now());
        if (request.caller().attends() && banned.isEmpty()) {
            return new Admission(PLAYER, state, "");
        }
        RoomOptions terms = options.get();
        RoomFacts facts = RoomFacts.returning(banned, terms.passwords().passes(), terms.policy());
        Entrance.Granted granted = ask(request.caller(), facts, request.passes());
        return new Admission(granted.grants(), state, "");
    }

    private Instant now() {
        return context.access().clock().instant();
    }

    private Entrance.Granted ask(Caller caller, RoomFacts facts, Set<Pass> passes) {
        Entrance.Verdict verdict = context.access().entrance().admit(caller, room.value(), facts, passes);
        if (verdict instanceof Entrance.Refused refused) {
            throw new RoomException(codeOf(refused.reason()), refused.text());
        }
        Entrance.Granted granted = (Entrance.Granted) verdict;
        if (!granted.grants().has(Grant.JOIN) && !granted.grants().has(Grant.ADMINISTER)) {
            throw new RoomException(Code.FORBIDDEN, "you may not join this room");
        }
        return granted;
    }

    private static Code codeOf(Reason reason) {
        return switch (reason) {
            case LOGIN_NEEDED -> Code.LOGIN_NEEDED;
            case PASSWORD_NEEDED -> Code.PASSWORD_NEEDED;
            case FORBIDDEN -> Code.FORBIDDEN;
            case BANNED -> Code.BANNED;
            case LOCKED -> Code.LOCKED;
            case FULL -> Code.ROOM_FULL;
            case TOO_MANY -> Code.TOO_MANY;
        };
    }

    /**
     * He who has the name, or had it on a host that has died, is certainly the same: what he has passed once he need not pass
     * again. But who attends the lobby has passed nothing, though it has a principal's name.
     */
    private static boolean isBack(JoinRequest request, @Nullable Peer older, RoomState state) {
        if (older != null && older.attends()) {
            return false;
        }
        if (older != null && !older.caller().isAnonymous()) {
            return older.caller().principal().equals(request.caller().principal());
        }
        return showsSecret(request, state);
    }

    private static boolean showsSecret(JoinRequest request, RoomState state) {
        String hash = state.secrets().get(request.peer());
        return hash != null && ResumeSecrets.matches(request.resume().text(), hash);
    }

    /** Nobody takes a place that may be another's. */
    private void checkName(PeerName name, Caller caller, @Nullable Peer older, boolean waits, RoomState state) {
        boolean taken;
        if (older != null && older.caller().isAnonymous() && name.value().equals(caller.principal())) {
            taken = false; // Nobody can keep somebody from his own name.
        } else if (older == null) {
            // Its holder may be about to be brought back from a dead host.
            taken = state.secrets().containsKey(name) && caller.isAnonymous();
        } else if (!older.caller().isAnonymous() || context.access().taken() != TakenName.REPLACE) {
            taken = true;
        } else {
            // From the lobby nobody is thrown out of the room.
            taken = waits && !state.waiting().contains(name);
        }
        if (taken) {
            throw taken(name);
        }
    }

    /**
     * What a moderator gave to a name was given to somebody who is perhaps not the one that has it now. What he took away stays
     * away.
     */
    private static RoomState withoutMore(RoomState state, Subject subject, Caller caller, Grants decided) {
        Grants changed = state.grants().get(subject);
        if (changed == null || !caller.isAnonymous()) {
            return state;
        }
        Grants common = Grants.of(decided.all().stream().filter(changed::has).toList());
        return common.equals(changed) ? state : state.withGrants(subject, common);
    }
}
