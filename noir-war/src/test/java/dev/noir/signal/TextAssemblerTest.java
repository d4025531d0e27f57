package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TextAssemblerTest {
    private final TextAssembler assembler = new TextAssembler(10);

    @Test
    void joinsPartsAndStartsAnew() {
        assertEquals(Optional.empty(), assembler.add("ab", false));
        assertEquals(Optional.of("abcd"), assembler.add("cd", true));
        assertEquals(Optional.of("ef"), assembler.add("ef", true));
    }

    @Test
    void acceptsExactlyTheLimit() {
        assembler.add("01234", false);
        assertEquals(Optional.of("0123456789"), assembler.add("56789", true));
        assertFalse(assembler.overflowed());
    }

    @Test
    void overflowsBeyondItForGood() {
        assembler.add("01234", false);
        assertEquals(Optional.empty(), assembler.add("567890", true));
        assertTrue(assembler.overflowed());
        assertEquals(Optional.empty(), assembler.add("x", true));
    }
}
