package dev.noir.boot.launch;

import dev.noir.access.Password;
import dev.noir.access.PasswordHash;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** {@code java -jar noir.war password}: what to write into a policy file. */
final class PasswordPrompt {
    private PasswordPrompt() {}

    // Newer JVMs may have a console where there is none: see asked.
    @SuppressWarnings("SystemConsoleNull")
    static String hash() {
        Console console = System.console();
        return hash(console == null ? firstLine() : asked(console));
    }

    static String hash(@Nullable String given) {
        Password password = new Password(given == null ? "" : given);
        if (!password.isGiven()) {
            throw new LaunchException("A password has 1 to " + Password.MAX_LENGTH + " characters.");
        }
        return PasswordHash.of(password, new SecureRandom()).encoded();
    }

    /** Without showing what is typed, and twice, since nobody saw it. */
    private static String asked(Console console) {
        String once = text(console.readPassword("Password: "));
        char[] again = console.readPassword("The same again: ");
        // Some JVMs have a console for a pipe, too, which ends here.
        if (again != null && !once.equals(text(again))) {
            throw new LaunchException("These were two different passwords.");
        }
        return once;
    }

    private static String text(char @Nullable [] typed) {
        return typed == null ? "" : new String(typed);
    }

    private static @Nullable String firstLine() {
        try {
            return new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
        } catch (IOException e) {
            throw new LaunchException("Cannot read the password: " + e.getMessage(), e);
        }
    }
}
