package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokensTest {
    @ParameterizedTest
    @CsvSource({"0, 3, 0", "3, 3, 3", "007, 9, 7", "4294967295, 4294967295, 4294967295"})
    void readsNumbers(String text, long max, long expected) {
        assertEquals(expected, Tokens.number(text, max, "it"));
    }

    @ParameterizedTest
    @CsvSource({
        "4, 3",
        "9, 0",
        "10, 9",
        "4294967296, 4294967295",
        "99999999999999999999999, 4294967295",
        "-1, 9",
        "'', 9"
    })
    void refusesOtherNumbers(String text, long max) {
        assertThrows(SdpException.class, () -> Tokens.number(text, max, "it"));
        assertEquals(-1, Tokens.numberOrNegative(text, max));
    }

    @Test
    void splitsAtRunsOfTheSeparator() {
        assertEquals(List.of("a", "b"), Tokens.split("  a  b ", ' ', 2, "it"));
        assertEquals(List.of(), Tokens.split(";;", ';', 1, "it"));
        assertThrows(SdpException.class, () -> Tokens.split("a b c", ' ', 2, "it"));
    }

    @Test
    void quotesLittleAndHarmlessly() {
        assertEquals("\"a?b\"", Tokens.quote("a\nb"));
        assertEquals("\"" + "x".repeat(24) + "…\"", Tokens.quote("x".repeat(99)));
    }
}
