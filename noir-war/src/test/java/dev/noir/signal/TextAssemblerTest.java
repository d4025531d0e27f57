package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TextAssemblerTest {
    private final TextAssembler assembler = new TextAssembler();

    @Test
    void joinsPartsAndStartsAnew() {
        assertEquals(Optional.empty(), assembler.add("ab", false, 10));
        assertEquals(Optional.of("abcd"), assembler.add("cd", true, 10));
        assertEquals(Optional.of("ef"), assembler.add("ef", true, 10));
    }

    @Test
    void acceptsExactlyTheLimit() {
        assembler.add("01234", false, 10);
        assertEquals(Optional.of("0123456789"), assembler.add("56789", true, 10));
        assertFalse(assembler.overflowed());
    }

    @Test
    void overflowsBeyondItForGood() {
        assembler.add("01234", false, 10);
        assertEquals(Optional.empty(), assembler.add("567890", true, 10));
        assertTrue(assembler.overflowed());
        assertEquals(Optional.empty(), assembler.add("x", true, 10));
    }
}
