package dev.noir.signal;

import dev.noir.access.Standing;
import dev.noir.access.Visitor;
import dev.noir.room.CloseCause;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** For how long it is known who is at a connection: one visitor after the other, until the connection ends. Thread: any. */
public final class KnownVisitor implements AutoCloseable {
    // Given.
    private final Consumer<CloseCause> over;

    // State. Guarded by `this`.
    private Standing.@Nullable Watch watch;
    private boolean closed;

    /** @param over told why when it is not known any more; maybe at once, and by any thread */
    public KnownVisitor(Consumer<CloseCause> over) {
        this.over = over;
    }

    /** From now on it is this one, who comes instead of whoever was there before. */
    public void follow(Visitor visitor) {
        Standing.Watch watching = visitor.standing().whenOver(this::ended);
        Standing.Watch gone;
        synchronized (this) {
            gone = closed ? watching : watch; // By another thread, or it was over at once.
            if (!closed) {
                watch = watching;
            }
        }
        if (gone != null) {
            gone.close();
        }
    }

    private void ended(Standing.End end) {
        over.accept(
                switch (end) {
                    case SESSION_OVER -> CloseCause.SESSION_OVER;
                    case TOKEN_EXPIRED -> CloseCause.TOKEN_EXPIRED;
                });
    }

    /** The connection has ended; nobody is told. */
    @Override
    public void close() {
        Standing.Watch gone;
        synchronized (this) {
            closed = true;
            gone = watch;
            watch = null;
        }
        if (gone != null) {
            gone.close();
        }
    }
}
