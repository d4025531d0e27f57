package dev.noir.bot.signal;

import jakarta.json.Json;
import jakarta.json.JsonException;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One client's WebSocket with ion's JSON-RPC on it (docs/protocol.md §2 and §3). Thread: any. */
public final class Signal implements AutoCloseable {
    /** So long an answer is waited for. */
    public static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int MAX_MESSAGE_CHARS = 4 << 20; // More than a room full of tracks needs.

    /** What the server says by itself. Thread: one of the HTTP client's, in order; must not block. */
    public interface Listener {
        void told(String method, JsonObject params);

        /**
         * The socket is closed; nothing else comes.
         *
         * @param code of RFC 6455 or docs/protocol.md §8; 1006 when the connection was lost
         */
        void closed(int code, String reason);
    }

    private final Listener listener;
    private final Map<String, CompletableFuture<JsonObject>> pending = new ConcurrentHashMap<>();
    private final AtomicLong lastId = new AtomicLong();
    private final AtomicBoolean over = new AtomicBoolean();
    private @Nullable WebSocket socket; // Guarded by `this`, as is `sent`.
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

    private Signal(Listener listener) {
        this.listener = listener;
    }

    /**
     * Connects; blocks for at most {@link #PATIENCE}.
     *
     * @param headers of the handshake
     * @throws SignalException with words that say why not
     */
    public static Signal connect(HttpClient http, URI uri, Map<String, String> headers, Listener listener)
            throws SignalException, InterruptedException {
        Signal signal = new Signal(listener);
        WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(PATIENCE);
        headers.forEach(builder::header);
        try {
            WebSocket socket =
                    builder.buildAsync(uri, signal.new Receiver()).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            synchronized (signal) { // Read by any thread.
                signal.socket = socket;
            }
            return signal;
        } catch (ExecutionException e) {
            throw new SignalException(uri + ": " + whyNot(e.getCause()), e);
        } catch (TimeoutException e) {
            throw new SignalException(uri + ": no answer", e);
        }
    }

    /**
     * Of the endpoint, from the pages' address or its own.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static URI address(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("'" + text + "' is no address", e);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        if (uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
            throw new IllegalArgumentException("'" + text + "' is no address such as https://example.org/noir");
        }
        String base =
                switch (scheme) {
                    case "http", "ws" -> "ws";
                    case "https", "wss" -> "wss";
                    default ->
                        throw new IllegalArgumentException("'" + text + "' begins neither with http: nor with https:");
                };
        String path = uri.getPath() == null ? "" : uri.getPath();
        String endpoint = path.endsWith("/ws") ? path : (path.endsWith("/") ? path : path + "/") + "ws";
        return URI.create(base + "://" + uri.getRawAuthority() + endpoint);
    }

    private static String whyNot(@Nullable Throwable cause) {
        if (cause instanceof WebSocketHandshakeException refused) {
            int status = refused.getResponse().statusCode();
            return "the handshake was answered with HTTP " + status
                    + (status == 401 ? ": the server wants to know who this is (--token)" : "");
        }
        if (cause == null || cause instanceof ConnectException) {
            return "nobody answers there";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    /**
     * Calls and waits for the result.
     *
     * @throws SignalException when the server refuses, or does not answer within {@link #PATIENCE}
     */
    public JsonObject call(String method, JsonObject params) throws SignalException, InterruptedException {
        CompletableFuture<JsonObject> result = new CompletableFuture<>();
        String id = "call-" + lastId.incrementAndGet();
        pending.put(id, result);
        if (over.get()) {
            result.completeExceptionally(lost());
        }
        send(message(method, params).add("id", id).build());
        try {
            return result.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SignalException refused) {
                throw refused;
            }
            throw new SignalException(method + ": no answer", e);
        } catch (TimeoutException e) {
            throw new SignalException(method + ": no answer within " + PATIENCE.toSeconds() + " s", e);
        } finally {
            pending.remove(id);
        }
    }

    /** Says it, and waits for nothing. */
    public void notify(String method, JsonObject params) {
        send(message(method, params).build());
    }

    private static jakarta.json.JsonObjectBuilder message(String method, JsonObject params) {
        return Json.createObjectBuilder()
                .add("jsonrpc", "2.0")
                .add("method", method)
                .add("params", params);
    }

    /** java.net.http allows one message at a time. */
    private synchronized void send(JsonObject message) {
        WebSocket to = socket;
        if (to == null) {
            return;
        }
        String text = message.toString();
        sent = sent.thenCompose(done -> to.sendText(text, true)).exceptionally(failure -> {
            end(WebSocket.NORMAL_CLOSURE + 6, "the connection was lost");
            return to;
        });
    }

    /** Leaves: blocks for at most a second, until the server has heard it. */
    @Override
    public void close() {
        over.set(true); // Nobody asks why it ends.
        WebSocket closing;
        CompletableFuture<?> last;
        synchronized (this) { // For a look.
            closing = socket;
            last = sent;
        }
        if (closing == null) {
            return;
        }
        last.thenCompose(done -> closing.sendClose(WebSocket.NORMAL_CLOSURE, ""))
                .orTimeout(1, TimeUnit.SECONDS)
                .exceptionally(failure -> {
                    closing.abort();
                    return closing;
                })
                .join();
    }

    private void end(int code, String reason) {
        if (over.compareAndSet(false, true)) {
            pending.values().forEach(call -> call.completeExceptionally(lost()));
            listener.closed(code, reason);
        }
    }

    private static SignalException lost() {
        return new SignalException(SignalException.NO_ANSWER, "the connection has been closed");
    }

    private void receive(JsonObject message) {
        if (message.get("method") instanceof JsonString method) {
            listener.told(
                    method.getString(),
                    message.get("params") instanceof JsonObject params ? params : JsonValue.EMPTY_JSON_OBJECT);
            return;
        }
        CompletableFuture<JsonObject> call =
                message.get("id") instanceof JsonString id ? pending.remove(id.getString()) : null;
        if (call == null) {
            return; // Of a notification, which had no answer to wait for.
        }
        if (message.get("error") instanceof JsonObject error) {
            int code = error.get("code") instanceof JsonNumber number ? number.intValue() : 500;
            call.completeExceptionally(new SignalException(code, error.getString("message", "refused")));
        } else {
            call.complete(message.get("result") instanceof JsonObject result ? result : JsonValue.EMPTY_JSON_OBJECT);
        }
    }

    private final class Receiver implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            if (text.length() + part.length() > MAX_MESSAGE_CHARS) {
                from.abort();
                end(1009, "the server's message is too long");
                return null;
            }
            text.append(part);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                try (JsonReader reader = Json.createReader(new StringReader(whole))) {
                    receive(reader.readObject());
                } catch (JsonException | IllegalStateException e) {
                    from.abort();
                    end(1002, "what the server says is no JSON");
                    return null;
                }
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            end(code, reason);
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            end(1006, "the connection was lost");
        }
    }
}
