package dev.noir.signal;

import dev.noir.access.Visitor;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Port: what administrators say on sockets. Thread: any. */
public interface Management {
    /** Who comes in; empty: he may not, and that has been answered. */
    Optional<Talk> enter(HttpServletRequest request, HttpServletResponse response) throws IOException;

    /** Who hears what he has not asked for. */
    interface Ear {
        /** Does not block. */
        void hear(String text);

        /** How many messages have not been sent yet. */
        int waiting();
    }

    /** What one of them says, and hears. */
    interface Talk {
        Visitor visitor();

        /** Called once, before all others. */
        default void begin(Ear ear) {}

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
