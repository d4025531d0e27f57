package dev.noir.access;

import java.util.function.Consumer;

/** For how long what a caller has shown stays good: until its token expires, until its session at the server is over. Thread: any. */
public interface Standing {
    /** There is nothing that could end. */
    Standing LASTING = listener -> () -> {};

    /** Why it is over. */
    enum End {
        /** Logged out, or not heard of for longer than the server keeps sessions. */
        SESSION_OVER,
        TOKEN_EXPIRED
    }

    /** Somebody who listens; to be closed when he does not care any more. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Tells the listener once, perhaps before this returns. It must not block. */
    Watch whenOver(Consumer<End> listener);
}
