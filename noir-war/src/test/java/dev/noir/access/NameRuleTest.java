package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NameRuleTest {
    private static final Caller BOB = new Caller("bob", Set.of(), Caller.Means.TOKEN, "");

    @ParameterizedTest
    @CsvSource({
        "FREE, '', random",
        "FREE, eva, eva",
        "PRINCIPAL, '', bob",
        "PRINCIPAL, bob, bob",
        "PRINCIPAL, eva, refused",
        "PRINCIPAL, bob.phone, refused",
        "PRINCIPAL, BOB, refused",
        "PREFIX, '', bob:random",
        "PREFIX, bob, bob",
        "PREFIX, bob.phone, bob.phone",
        "PREFIX, bob:2, bob:2",
        "PREFIX, bobby, refused",
        "PREFIX, eva, refused"
    })
    void bindsWhoIsLoggedIn(NameRule rule, String given, String name) {
        assertEquals(name, rule.name(BOB, given, "random").orElse("refused"));
    }

    @Test
    void whoIsAnonymousIsNotBound() {
        for (NameRule rule : NameRule.values()) {
            assertEquals(Optional.of("bob"), rule.name(Caller.ANONYMOUS, "bob", "random"));
            assertEquals(Optional.of("random"), rule.name(Caller.ANONYMOUS, "", "random"));
        }
    }
}
