package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlainTextTest {
    @ParameterizedTest
    @ValueSource(
            ints = {
                0, '\n', '\r', '\t', 0x1b, 0x7f, 0x85, 0x9f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e,
                0x2066, 0x2067, 0x2068, 0x2069, 0xd800, 0xdbff, 0xdc00, 0xdfff
            })
    void isNot(int c) {
        String text = "a" + Character.toString(c) + "b";

        assertFalse(PlainText.isPlain(text));
        assertEquals("a\ufffdb", PlainText.of(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "room 7", "Zoë", "日本語", "שלום", "مرحبا", "🎥", "👩\u200d🚀", "a%n{0}$"})
    void isSoInAllLanguages(String text) {
        assertTrue(PlainText.isPlain(text));
        assertEquals(text, PlainText.of(text));
    }

    @Test
    void isCutWhenItIsLong() {
        String cut = PlainText.of("x".repeat(100_000));
        assertEquals("x".repeat(1000) + "…", cut);
        // Not in the middle of a pair.
        assertTrue(PlainText.isPlain(PlainText.of("x" + "🎥".repeat(1000))));
    }
}
