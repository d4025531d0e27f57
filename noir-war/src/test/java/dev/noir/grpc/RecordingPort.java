package dev.noir.grpc;

import dev.noir.signal.SocketPort;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A socket that remembers what it is given. */
final class RecordingPort implements SocketPort {
    final List<byte[]> sent = new ArrayList<>();

    @Nullable
    String closed;

    @Override
    public void sendText(String text, Consumer<@Nullable Throwable> done) {
        throw new AssertionError("gRPC is bytes");
    }

    @Override
    public void sendBinary(ByteBuffer message, Consumer<@Nullable Throwable> done) {
        byte[] bytes = new byte[message.remaining()];
        message.duplicate().get(bytes);
        sent.add(bytes);
        done.accept(null);
    }

    @Override
    public void sendPing() {
        // Nobody asks for these.
    }

    @Override
    public void close(int code, String reason) {
        closed = code + " " + reason;
    }
}
