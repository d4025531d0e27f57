package dev.noir.grpc;

import dev.noir.signal.SocketPort;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A WebSocket that carries a gRPC-web stream: its end is told in a last frame, too. Thread: as {@link SocketPort}. */
final class WebPort implements SocketPort {
    private final SocketPort socket;

    WebPort(SocketPort socket) {
        this.socket = socket;
    }

    @Override
    public void sendText(String text, Consumer<@Nullable Throwable> done) {
        throw new IllegalStateException("gRPC is bytes");
    }

    @Override
    public void sendBinary(ByteBuffer message, Consumer<@Nullable Throwable> done) {
        socket.sendBinary(message, done);
    }

    @Override
    public void sendPing() {
        socket.sendPing();
    }

    @Override
    public void close(int code, String reason) {
        // With a send still under way some containers refuse this one: then the close has to do.
        socket.sendBinary(
                ByteBuffer.wrap(GrpcFrames.trailers(status(GrpcCode.ofClose(code), reason))),
                failure -> socket.close(code, reason));
    }

    static String status(GrpcCode code, String message) {
        return "grpc-status: " + code.number() + "\r\ngrpc-message: " + encoded(message) + "\r\n";
    }

    /** As gRPC wants it: what is not printable ASCII, and the percent sign, by the bytes of its UTF-8. */
    static String encoded(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (b >= ' ' && b <= '~' && b != '%') {
                encoded.append((char) b);
            } else {
                encoded.append(String.format(Locale.ROOT, "%%%02X", b & 0xff));
            }
        }
        return encoded.toString();
    }
}
