package dev.noir.route;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.access.Caller;
import dev.noir.access.Pass;
import dev.noir.access.Password;
import dev.noir.access.Passwords;
import dev.noir.access.Passwords.Outcome;
import dev.noir.access.Passwords.Result;
import dev.noir.room.RoomId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Rooms have the password "right"; "known" has been right before. Nothing is computed before the test says so. */
final class PasswordChecksTest {
    private static final RoomId ROOM = new RoomId("r");

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<String> computed = new ArrayList<>();
    private final List<Outcome> told = new ArrayList<>();
    private final PasswordChecks checks = new PasswordChecks(this::ask, tasks::add);
    private int counted;

    private Passwords.Answer ask(Caller caller, String room, Password password) {
        if (password.text().equals("known")) {
            return Passwords.Answer.known(new Result(Outcome.FINE, Set.of(Pass.JOIN)));
        }
        if (password.text().equals("fault")) {
            throw new IllegalStateException("the store does not answer");
        }
        return new Passwords.Open(
                password.text(),
                () -> {
                    computed.add(password.text());
                    return password.text().equals("right") ? Set.of(Pass.JOIN) : Set.of();
                },
                passes -> {
                    counted++;
                    return new Result(passes.isEmpty() ? Outcome.WRONG : Outcome.FINE, passes);
                });
    }

    private void check(String address, String password) {
        checks.check(Caller.ANONYMOUS.at(address), ROOM, new Password(password), result -> told.add(result.outcome()));
    }

    private void compute() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void whatIsKnownDoesNotWaitForWhatIsNot() {
        for (int i = 0; i < 2 * PasswordChecks.MAX_WAITING; i++) {
            check("192.0.2." + i, "guess " + i);
        }
        told.clear();
        check("198.51.100.1", "known");
        check("198.51.100.1", "fault");

        assertEquals(List.of(Outcome.FINE, Outcome.FINE), told);
        assertEquals(List.of(), computed);
    }

    @Test
    void ofOneSiteTwoWaitAtMost() {
        check("2001:db8:1:1::1", "a");
        check("2001:db8:1:2::1", "b");
        check("2001:db8:1:3::1", "c");
        assertEquals(List.of(Outcome.TOO_MANY), told);
        check("2001:db8:2::1", "right");
        compute();
        assertEquals(List.of("a", "b", "right"), computed);
        assertEquals(List.of(Outcome.TOO_MANY, Outcome.WRONG, Outcome.WRONG, Outcome.FINE), told);

        check("2001:db8:1:3::1", "c");
        compute();
        assertEquals(Outcome.WRONG, told.get(4));
    }

    @Test
    void theRowIsBounded() {
        for (int i = 0; i <= PasswordChecks.MAX_WAITING; i++) {
            check("192.0.2." + i, "guess " + i);
        }
        assertEquals(List.of(Outcome.TOO_MANY), told);
    }

    @Test
    void aClassBehindOneAddressIsComputedOnceAndCountedEach() {
        for (int i = 0; i < 30; i++) {
            check("192.0.2.1", "right");
        }
        compute();

        assertEquals(List.of("right"), computed);
        assertEquals(List.of(Outcome.FINE), told.stream().distinct().toList());
        assertEquals(30, told.size());
        assertEquals(30, counted);
    }
}
