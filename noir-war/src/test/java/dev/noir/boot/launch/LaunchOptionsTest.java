package dev.noir.boot.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class LaunchOptionsTest {

    @Test
    void readsSettingsAndFile() {
        LaunchOptions options = LaunchOptions.parse(List.of("-Dnoir.media.port=6000", "--config", "my.properties"));
        assertEquals(Map.of("noir.media.port", "6000"), options.properties());
        assertEquals(Optional.of("my.properties"), options.configFile());
    }

    @Test
    void knowsHelpAndVersion() {
        assertTrue(LaunchOptions.parse(List.of("--help")).help());
        assertTrue(LaunchOptions.parse(List.of("-h")).help());
        assertTrue(LaunchOptions.parse(List.of("--version")).version());
    }

    @Test
    void knowsThatAPasswordIsToBeHashed() {
        assertTrue(LaunchOptions.parse(List.of("password")).password());
    }

    @Test
    void refusesWhatItDoesNotKnow() {
        for (String argument : List.of("--port", "-Dnothing", "-D=x", "run", "--config")) {
            assertThrows(LaunchException.class, () -> LaunchOptions.parse(List.of(argument)), argument);
        }
    }
}
