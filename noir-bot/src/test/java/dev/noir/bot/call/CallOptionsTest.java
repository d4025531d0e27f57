package dev.noir.bot.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bot.call.CallOptions.UsageException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CallOptionsTest {
    private static CallOptions parse(String... arguments) throws UsageException {
        return CallOptions.parse(List.of(arguments), Map.of());
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost:7070, ws://localhost:7070/ws",
        "http://localhost:7070/, ws://localhost:7070/ws",
        "https://example.org/noir, wss://example.org/noir/ws",
        "https://example.org/noir/, wss://example.org/noir/ws",
        "wss://example.org/noir/ws, wss://example.org/noir/ws",
        "ws://[::1]:7000/ws, ws://[::1]:7000/ws",
    })
    void theAddressIsThatOfThePagesOrOfTheSocket(String given, String signalling) throws UsageException {
        assertEquals(signalling, parse(given, "r").signalling().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost:7070", "localhost", "ftp://a/", "http://", "http://a b/", "http://a/?b", "http://a/#b"
            })
    void whatIsNoAddressIsSaidToBeNone(String given) {
        assertThrows(UsageException.class, () -> parse(given, "r"));
    }

    @Test
    void withoutOptionsItSendsForTenSecondsAndExpectsNothing() throws UsageException {
        CallOptions options = parse("http://a", "my room");
        assertEquals("my room", options.room());
        assertEquals(10, options.seconds());
        assertEquals(0, options.expect());
        assertTrue(options.publish());
        assertFalse(options.json());
        assertEquals(Optional.empty(), options.uid());
        assertEquals(Optional.empty(), options.token());
    }

    @Test
    void optionsMayStandAnywhere() throws UsageException {
        CallOptions options = parse(
                "--json",
                "http://a",
                "--expect",
                "2",
                "r",
                "--seconds",
                "0",
                "--no-publish",
                "--uid",
                "u",
                "--token",
                "t",
                "--password",
                "p");
        assertEquals("r", options.room());
        assertEquals(0, options.seconds());
        assertEquals(2, options.expect());
        assertFalse(options.publish());
        assertTrue(options.json());
        assertEquals(Optional.of("u"), options.uid());
        assertEquals(Optional.of("t"), options.token());
        assertEquals(Optional.of("p"), options.password());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "http://a",
                "http://a r more",
                "http://a r --fly",
                "http://a r --seconds",
                "http://a r --seconds x",
                "http://a r --seconds -1",
                "http://a r --expect 1000001",
                "http://a r --uid"
            })
    void whatIsWrongIsRefused(String line) {
        List<String> arguments = line.isEmpty() ? List.of() : List.of(line.split(" "));
        assertThrows(UsageException.class, () -> CallOptions.parse(arguments, Map.of()));
    }

    @Test
    void theTokenMayStandInTheEnvironmentAndTheOptionWins() throws UsageException {
        Map<String, String> environment = Map.of("NOIR_TOKEN", "e");
        assertEquals(
                Optional.of("e"),
                CallOptions.parse(List.of("http://a", "r"), environment).token());
        assertEquals(
                Optional.of("o"),
                CallOptions.parse(List.of("http://a", "r", "--token", "o"), environment)
                        .token());
        assertEquals(
                Optional.empty(),
                CallOptions.parse(List.of("http://a", "r"), Map.of("NOIR_TOKEN", ""))
                        .token());
    }
}
