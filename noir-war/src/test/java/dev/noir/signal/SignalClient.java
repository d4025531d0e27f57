package dev.noir.signal;

import dev.noir.protocol.JsonRpcCodec;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A signalling client of the JDK, so that a server is tested with none of its own code. */
final class SignalClient implements WebSocket.Listener, AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private final BlockingQueue<String> frames = new LinkedBlockingQueue<>();
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final StringBuilder parts = new StringBuilder();
    private final WebSocket socket;

    /** @param origin null = none, as programs that are no browsers do */
    SignalClient(URI uri, @Nullable String origin) {
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        if (origin != null) {
            builder.header("Origin", origin);
        }
        socket = builder.buildAsync(uri, this).join();
    }

    SignalClient send(String text) {
        socket.sendText(text, true).join();
        return this;
    }

    void sendPart(String text, boolean last) {
        socket.sendText(text, last).join();
    }

    void sendBinary() {
        socket.sendBinary(ByteBuffer.allocate(4), true).join();
    }

    /** The next frame. */
    JsonObject receive() throws InterruptedException {
        String frame = frames.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (frame == null) {
            throw new AssertionError("nothing received for " + PATIENCE);
        }
        return JsonRpcCodec.JSON.createReader(new StringReader(frame)).readObject();
    }

    /** The next frame that is a notification of this method. */
    JsonObject receive(String method) throws InterruptedException {
        JsonObject frame = receive();
        while (!method.equals(frame.getString("method", ""))) {
            frame = receive();
        }
        return frame;
    }

    /** Code and reason of the server's close. */
    String awaitClose() {
        return closed.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
        parts.append(part);
        if (last) {
            frames.add(parts.toString());
            parts.setLength(0);
        }
        from.request(1);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
        closed.complete(code + " " + reason);
        return CompletableFuture.completedStage(null);
    }

    @Override
    public void onError(WebSocket from, Throwable error) {
        closed.completeExceptionally(error);
    }

    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    }
}
