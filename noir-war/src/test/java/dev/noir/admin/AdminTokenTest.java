package dev.noir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.admin.AdminToken.Verdict;
import org.junit.jupiter.api.Test;

final class AdminTokenTest {
    private final AdminToken token = new AdminToken("0123456789abcdef");

    @Test
    void letsInWhoKnowsIt() {
        assertEquals(Verdict.GRANTED, token.check("Bearer 0123456789abcdef"));
        assertEquals(Verdict.GRANTED, token.check("bearer  0123456789abcdef "));
    }

    @Test
    void letsInNobodyElse() {
        assertEquals(Verdict.DENIED, token.check(null));
        assertEquals(Verdict.DENIED, token.check(""));
        assertEquals(Verdict.DENIED, token.check("Bearer "));
        assertEquals(Verdict.DENIED, token.check("Bearer 0123456789abcdeF"));
        assertEquals(Verdict.DENIED, token.check("Bearer 0123456789abcdef0"));
        assertEquals(Verdict.DENIED, token.check("Basic 0123456789abcdef"));
    }

    /** Fault 10 of the original: its admin port let everybody in. */
    @Test
    void withoutOneNobodyIsLetIn() {
        AdminToken none = new AdminToken("");

        assertEquals(Verdict.DISABLED, none.check("Bearer "));
        assertEquals(Verdict.DISABLED, none.check(null));
    }
}
