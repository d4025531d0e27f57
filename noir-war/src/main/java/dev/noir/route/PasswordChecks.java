package dev.noir.route;

import dev.noir.access.Caller;
import dev.noir.access.Password;
import dev.noir.access.Passwords;
import dev.noir.room.FollowOnExecutor;
import dev.noir.room.RoomId;
import dev.noir.room.SerialExecutor;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Looks at the passwords of joins one at a time: each takes some 100 ms of a CPU, and whoever tries many must not take all of
 * them. Thread: any.
 */
final class PasswordChecks {
    private static final Logger LOG = System.getLogger(PasswordChecks.class.getName());

    /** Waiting to be looked at. Together they take longer than a join may. */
    static final int MAX_WAITING = 100;

    private static final Passwords.Result TOO_MANY = new Passwords.Result(Passwords.Outcome.TOO_MANY, Set.of());

    // Given.
    private final Passwords passwords;

    // Owned.
    private final SerialExecutor turn;
    private final AtomicInteger waiting = new AtomicInteger();

    PasswordChecks(Passwords passwords, Executor threads) {
        this.passwords = passwords;
        this.turn = new SerialExecutor("passwords", threads);
    }

    /** The route is told as one of its tasks. */
    void check(Route route, Caller caller, RoomId room, Password password) {
        if (waiting.incrementAndGet() > MAX_WAITING) {
            waiting.decrementAndGet();
            route.passwordChecked(TOO_MANY);
            return;
        }
        turn.execute(() -> {
            try {
                FollowOnExecutor.aboutToWait();
                Passwords.Result result = result(caller, room, password);
                route.post(() -> route.passwordChecked(result));
            } finally {
                waiting.decrementAndGet();
            }
        });
    }

    /** What opens nothing when the room's options cannot be asked for: the join then ends at the same fault, or at the door. */
    private Passwords.Result result(Caller caller, RoomId room, Password password) {
        try {
            return passwords.check(caller, room.value(), password);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, () -> room + ": a password could not be looked at: " + e.getMessage());
            return new Passwords.Result(Passwords.Outcome.FINE, Set.of());
        }
    }
}
