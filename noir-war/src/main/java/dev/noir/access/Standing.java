package dev.noir.access;

import java.util.concurrent.atomic.AtomicBoolean;
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

    /** As long as both are good: the first to end counts. */
    default Standing and(Standing other) {
        return listener -> {
            AtomicBoolean told = new AtomicBoolean();
            Consumer<End> once = end -> {
                if (told.compareAndSet(false, true)) {
                    listener.accept(end);
                }
            };
            Watch mine = whenOver(once);
            Watch others = other.whenOver(once);
            return () -> {
                mine.close();
                others.close();
            };
        };
    }
}
