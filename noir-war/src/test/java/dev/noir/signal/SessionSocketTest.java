package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class SessionSocketTest {
    /** RFC 6455 §5.5.1: at most 123 bytes, and UTF-8. */
    @Test
    void aReasonInAnyLanguageFits() {
        assertEquals("", SessionSocket.shortened(""));
        assertEquals("bye", SessionSocket.shortened("bye"));
        assertEquals("x".repeat(123), SessionSocket.shortened("x".repeat(200)));
        assertEquals("ä".repeat(61), SessionSocket.shortened("ä".repeat(123)));
        assertEquals("\ud83d\ude00".repeat(30), SessionSocket.shortened("\ud83d\ude00".repeat(40)));
        assertEquals(123, SessionSocket.shortened("x" + "ä".repeat(123)).getBytes(StandardCharsets.UTF_8).length);
    }
}
