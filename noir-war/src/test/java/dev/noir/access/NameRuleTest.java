package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.Set;
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
        "PREFIX, bob.phone, refused",
        "PREFIX, bob:2, bob:2",
        "PREFIX, bobby, refused",
        "PREFIX, eva, refused"
    })
    void bindsWhoIsLoggedIn(NameRule rule, String given, String name) {
        assertEquals(name, rule.name(BOB, given, "random").orElse("refused"));
    }

    @ParameterizedTest
    @CsvSource({
        "a:b, '', a%3Ab:random",
        "a:b, a:b, refused",
        "a:b, a%3Ab, a%3Ab",
        "a:b, a%3Ab:2, a%3Ab:2",
        "a%3Ab, a%3Ab, refused",
        "a%3Ab, a%253Ab, a%253Ab"
    })
    void nobodysNameLooksLikeAnothersDevice(String principal, String given, String name) {
        Caller caller = new Caller(principal, Set.of(), Caller.Means.TOKEN, "");

        assertEquals(name, NameRule.PREFIX.name(caller, given, "random").orElse("refused"));
    }

    @ParameterizedTest
    @CsvSource({
        "FREE, bob, bob",
        "FREE, '', random",
        "PRINCIPAL, bob, guest:bob",
        "PRINCIPAL, guest:bob, guest:bob",
        "PREFIX, bob:2, guest:bob:2",
        "PREFIX, '', guest:random"
    })
    void whereOthersAreBoundWhoIsAnonymousIsAGuest(NameRule rule, String given, String name) {
        assertEquals(Optional.of(name), rule.name(Caller.ANONYMOUS, given, "random"));
    }
}
