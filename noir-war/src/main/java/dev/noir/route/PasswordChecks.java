package dev.noir.route;

import dev.noir.access.Addresses;
import dev.noir.access.Caller;
import dev.noir.access.Pass;
import dev.noir.access.Password;
import dev.noir.access.Passwords;
import dev.noir.access.Passwords.Result;
import dev.noir.room.FollowOnExecutor;
import dev.noir.room.PeerName;
import dev.noir.room.RoomId;
import dev.noir.room.SerialExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * Compares the passwords of joins one at a time: each takes some 100 ms of a CPU, and whoever tries many must not take all of
 * them. What is known without computing does not stand in the row, few of one site do, and those who give the same password
 * stand there as one: a class at nine o'clock. Thread: any.
 */
final class PasswordChecks {
    private static final Logger LOG = System.getLogger(PasswordChecks.class.getName());

    /** Different passwords in the row. Together they take less time than a join may. */
    static final int MAX_WAITING = 32;

    /** Of them from one site. */
    static final int MAX_OF_SITE = 2;

    /** Who wait for the same one. */
    static final int MAX_ASKING = 1000;

    private static final Result NOTHING = new Result(Passwords.Outcome.FINE, Set.of());
    private static final Result INVITED = new Result(Passwords.Outcome.FINE, Set.of(Pass.INVITED));
    private static final Result TOO_MANY = new Result(Passwords.Outcome.TOO_MANY, Set.of());

    private record Asking(Passwords.Open answer, Consumer<Result> told) {}

    // Given.
    private final Passwords passwords;

    // Owned.
    private final SerialExecutor turn;

    // State, guarded by waiting: who waits for what, by question; and how many questions of each site there are.
    private final Map<String, List<Asking>> waiting = new HashMap<>();
    private final Map<String, Integer> sites = new HashMap<>();

    PasswordChecks(Passwords passwords, Executor threads) {
        this.passwords = passwords;
        this.turn = new SerialExecutor("passwords", threads);
    }

    /** The route is told as one of its tasks. */
    void check(Route route, Caller caller, RoomId room, PeerName name, Password password) {
        if (passwords.invites(caller, room.value(), name.value(), password)) {
            route.post(() -> route.passwordChecked(INVITED));
            return;
        }
        check(caller, room, password, result -> route.post(() -> route.passwordChecked(result)));
    }

    /** @param told the result, at once or later, on any thread */
    void check(Caller caller, RoomId room, Password password, Consumer<Result> told) {
        Passwords.Answer answer = ask(caller, room, password);
        if (answer instanceof Passwords.Open open) {
            enqueue(open, Addresses.site(caller.address()), told);
        } else {
            told.accept(answer.get());
        }
    }

    /** What opens nothing when the room's options cannot be asked for: the join then ends at the same fault, or at the door. */
    private Passwords.Answer ask(Caller caller, RoomId room, Password password) {
        try {
            FollowOnExecutor.aboutToWait();
            return passwords.ask(caller, room.value(), password);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, () -> room + ": a password could not be looked at: " + e.getMessage());
            return Passwords.Answer.known(NOTHING);
        }
    }

    private void enqueue(Passwords.Open open, String site, Consumer<Result> told) {
        boolean first;
        boolean accepted;
        synchronized (waiting) { // Held for a look and an entry only.
            List<Asking> same = waiting.get(open.question());
            first = same == null;
            accepted = same == null
                    ? waiting.size() < MAX_WAITING && sites.getOrDefault(site, 0) < MAX_OF_SITE
                    : same.size() < MAX_ASKING;
            if (accepted) {
                waiting.computeIfAbsent(open.question(), question -> new ArrayList<>())
                        .add(new Asking(open, told));
                if (first) {
                    sites.merge(site, 1, Integer::sum);
                }
            }
        }
        if (!accepted) {
            told.accept(TOO_MANY);
        } else if (first) {
            turn.execute(() -> compute(open, site));
        }
    }

    private void compute(Passwords.Open open, String site) {
        Set<Pass> opened = Set.of();
        try {
            FollowOnExecutor.aboutToWait();
            opened = open.computing().get();
        } finally {
            Set<Pass> passes = opened;
            leave(open.question(), site)
                    .forEach(asking -> asking.told().accept(asking.answer().concluded(passes)));
        }
    }

    private List<Asking> leave(String question, String site) {
        synchronized (waiting) { // As above.
            sites.computeIfPresent(site, (key, count) -> count > 1 ? count - 1 : null);
            List<Asking> asking = waiting.remove(question);
            return asking == null ? List.of() : asking;
        }
    }
}
