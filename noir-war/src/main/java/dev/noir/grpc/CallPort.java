package dev.noir.grpc;

import dev.noir.signal.SocketPort;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A stream of native gRPC as a session sees it. Its transport looks for itself whether the client is there, so a ping is as good as its
 * answer. Thread: any; the library wants one at a time, hence the lock, which is held for its queues only.
 */
final class CallPort implements SocketPort {
    private static final Logger LOG = System.getLogger(CallPort.class.getName());

    // Given.
    private final ServerCall<byte[], byte[]> call;

    // State. Guarded by `this`.
    private boolean closed;
    private @Nullable Consumer<@Nullable Throwable> waiting; // For the client to read.
    private Runnable alive = () -> {};

    CallPort(ServerCall<byte[], byte[]> call) {
        this.call = call;
    }

    /** The stream goes on: its headers are sent, and the first message is taken. */
    synchronized void begin(Runnable heard) {
        alive = heard;
        if (!closed) {
            call.sendHeaders(new Metadata());
            call.request(1);
        }
    }

    /** Takes one more message. */
    synchronized void next() {
        if (!closed) {
            call.request(1);
        }
    }

    /** The client reads again. */
    void ready() {
        Consumer<@Nullable Throwable> done;
        synchronized (this) {
            done = waiting;
            waiting = null;
        }
        if (done != null) {
            done.accept(null);
        }
    }

    @Override
    public void sendText(String text, Consumer<@Nullable Throwable> done) {
        throw new IllegalStateException("gRPC is bytes");
    }

    @Override
    public void sendBinary(ByteBuffer message, Consumer<@Nullable Throwable> done) {
        byte[] bytes = new byte[message.remaining()];
        message.duplicate().get(bytes);
        synchronized (this) {
            if (!closed) {
                call.sendMessage(bytes);
                if (!call.isReady()) {
                    waiting = done;
                    return;
                }
            }
        }
        done.accept(null);
    }

    @Override
    public void sendPing() {
        Runnable heard;
        synchronized (this) {
            heard = alive;
        }
        heard.run();
    }

    @Override
    public void close(int code, String reason) {
        end(GrpcCode.ofClose(code), reason);
    }

    synchronized void end(GrpcCode code, String reason) {
        if (closed) {
            return;
        }
        closed = true;
        try {
            call.close(Status.fromCodeValue(code.number()).withDescription(reason), new Metadata());
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "the stream was over already", e);
        }
    }
}
