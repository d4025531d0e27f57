package dev.noir.signal;

import dev.noir.access.Visitor;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Port: what administrators say on sockets. Thread: any. */
public interface Management {
    /** Who comes in; empty: he may not, and that has been answered. */
    Optional<Talk> enter(HttpServletRequest request, HttpServletResponse response) throws IOException;

    /** What one of them says, and hears. */
    interface Talk {
        Visitor visitor();

        /**
         * Called once, before all others.
         *
         * @param ear hears what he has not asked for; does not block
         */
        default void begin(Consumer<String> ear) {}

        /** Called once: he is gone, and hears nothing any more. */
        default void end() {}

        /** To one message; empty: nothing. Never fails, and must not block. */
        CompletionStage<Optional<String>> answer(String message);

        /** Of one message, in characters. */
        int maxChars();

        /** To a message that is longer. */
        String tooLarge();
    }
}
