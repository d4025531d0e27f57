package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PasswordHashTest {
    private static final Password SECRET = new Password("correct horse ✓");

    @Test
    void knowsItsPasswordAgainAfterItWasWritten() {
        PasswordHash hash = PasswordHash.of(SECRET, new SecureRandom());
        PasswordHash read = PasswordHash.parse(hash.encoded());

        assertEquals(hash, read);
        assertTrue(read.matches(SECRET));
        assertFalse(read.matches(new Password("correct horse")));
        assertFalse(read.matches(Password.NONE));
    }

    /** Made by another implementation: Python's hashlib. */
    @Test
    void isPbkdf2AsOthersUnderstandIt() {
        PasswordHash hash = PasswordHash.parse("pbkdf2$sha512$210000$7r51EeMl2aVPDo2Aj+vPRw$"
                + "ng0vIfVGa6fYEy285lVL985rI5Z0bPtex58M4P9HWpHRQj2wXFW94Y4M36zt+GgDM9legwnv71ermLjo/fullg");

        assertTrue(hash.matches(new Password("speaker")));
    }

    @Test
    void theSamePasswordHasTwoHashes() {
        SecureRandom random = new SecureRandom();
        assertNotEquals(PasswordHash.of(SECRET, random), PasswordHash.of(SECRET, random));
    }

    @Test
    void isNotPrinted() {
        assertEquals("***", PasswordHash.of(SECRET, new SecureRandom()).toString());
    }

    @ParameterizedTest(name = "{1}")
    @CsvSource(
            delimiter = '|',
            value = {
                "secret|is not the hash of a password",
                "''|is not the hash of a password",
                "pbkdf2$sha1$210000$AAAA$AAAA|is not the hash of a password",
                "pbkdf2$sha512$210000$AAAA|is not the hash of a password",
                "pbkdf2$sha512$210000$AAAA$AAAA$|is not the hash of a password",
                // More would keep a core busy for seconds or more.
                "pbkdf2$sha512$2000001$AAAA$AAAA|has not 210000 to 2000000 iterations",
                "pbkdf2$sha512$99999999999$AAAA$AAAA|has not 210000 to 2000000 iterations",
                "pbkdf2$sha512$-1$AAAA$AAAA|has not 210000 to 2000000 iterations",
                "pbkdf2$sha512$+210000$AAAA$AAAA|has not 210000 to 2000000 iterations",
                "pbkdf2$sha512$1000$AAAA$AAAA|has not 210000 to 2000000 iterations",
                "pbkdf2$sha512$210000$AAAA$AAAA|has a salt of other than 16 bytes",
                "pbkdf2$sha512$210000$!$AAAA|has a salt that is not Base64",
                "pbkdf2$sha512$210000$AAAAAAAAAAAAAAAAAAAAAA$AAAA|has a hash of other than 64 bytes"
            })
    void refusesWhatIsNoneOrWouldTakeTooLong(String text, String reason) {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> PasswordHash.parse(text));
        assertTrue(String.valueOf(e.getMessage()).startsWith(reason), e.getMessage());
    }

    @Test
    void refusesALongTextBeforeLookingAtIt() {
        String text = "pbkdf2$sha512$210000$" + "A".repeat(1_000_000) + "$A";
        assertThrows(IllegalArgumentException.class, () -> PasswordHash.parse(text));
    }
}
