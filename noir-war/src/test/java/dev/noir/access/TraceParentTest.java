package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

final class TraceParentTest {
    private static final String GOOD = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    @Test
    void aGoodOneIsTaken() {
        assertEquals(GOOD, TraceParent.of(GOOD).text());
    }

    /** §3.2.4: what is known of it is read, and written as it is known. */
    @Test
    void aLaterVersionIsReadAsThisOne() {
        assertEquals(GOOD, TraceParent.of("cc" + GOOD.substring(2)).text());
        assertEquals(
                GOOD,
                TraceParent.of("cc" + GOOD.substring(2) + "-what-the-future-brings")
                        .text());
    }

    @Test
    void whateverElseIsNone() {
        for (String wrong : List.of(
                "",
                "00",
                "ff" + GOOD.substring(2),
                GOOD + "-more",
                "cc" + GOOD.substring(2) + ".more",
                GOOD.toUpperCase(Locale.ROOT),
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                GOOD.replace('-', '_'),
                "x".repeat(100_000),
                GOOD.substring(0, 53) + "\r\n")) {
            assertFalse(TraceParent.of(wrong).isGiven(), wrong);
        }
        assertFalse(TraceParent.of(null).isGiven());
    }

    @Test
    void nothingElseCanBeMade() {
        assertThrows(IllegalArgumentException.class, () -> new TraceParent("cc" + GOOD.substring(2)));
    }
}
