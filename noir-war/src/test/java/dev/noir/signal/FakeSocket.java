package dev.noir.signal;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A socket that remembers; when held, sends stay under way until the test lets them end. */
final class FakeSocket implements SocketPort {
    final List<String> frames = new ArrayList<>();
    final Queue<Consumer<@Nullable Throwable>> underWay = new ArrayDeque<>();
    int pings;
    boolean held;

    @Nullable
    String closed;

    @Override
    public void sendText(String text, Consumer<@Nullable Throwable> done) {
        if (!underWay.isEmpty()) {
            throw new IllegalStateException("a send is under way");
        }
        frames.add(text);
        if (held) {
            underWay.add(done);
        } else {
            done.accept(null);
        }
    }

    @Override
    public void sendBinary(ByteBuffer message, Consumer<@Nullable Throwable> done) {
        throw new AssertionError("JSON-RPC is text");
    }

    @Override
    public void sendPing() {
        pings++;
    }

    @Override
    public void close(int code, String reason) {
        closed = code + " " + reason;
    }

    void finishSend(@Nullable Throwable failure) {
        underWay.remove().accept(failure);
    }
}
