package dev.noir.signal;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What the outbox needs of a WebSocket; there is one over {@code jakarta.websocket} and one for tests. */
public interface SocketPort {
    /** Starts sending; {@code done} is called once, with the failure if there was one, perhaps before this returns. */
    void sendText(String text, Consumer<@Nullable Throwable> done);

    /** As {@link #sendText}. */
    void sendBinary(ByteBuffer message, Consumer<@Nullable Throwable> done);

    void sendPing();

    /** Must not be called while a send is under way on a thread that may not block. */
    void close(int code, String reason);
}
