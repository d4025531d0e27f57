package dev.noir.it;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/** ion-sfu's JSON-RPC over a WebSocket, as {@code ion-sdk-js} speaks it. Thread: any. */
final class IonSignal implements AutoCloseable {
    private static final int DEADLINE_SECONDS = 20;

    private final Map<String, CompletableFuture<JsonObject>> pending = new ConcurrentHashMap<>();
    private final Map<String, Consumer<JsonObject>> handlers = new ConcurrentHashMap<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private final AtomicReference<CompletableFuture<JsonObject>> strayError =
            new AtomicReference<>(new CompletableFuture<>());
    private final WebSocket socket;
    private int lastId;
    private CompletableFuture<?> sent = CompletableFuture.completedFuture(null);

    IonSignal(URI uri) {
        this(uri, Map.of());
    }

    /** @param headers of the handshake */
    IonSignal(URI uri, Map<String, String> headers) {
        WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
        headers.forEach(builder::header);
        socket = builder.buildAsync(uri, new Listener())
                .orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** Calls {@code handler} with the params of each notification {@code method}, on the socket's thread. */
    void on(String method, Consumer<JsonObject> handler) {
        handlers.put(method, handler);
    }

    /** The result of a call; fails with the server's error text. */
    CompletableFuture<JsonObject> call(String method, JsonObject params) {
        CompletableFuture<JsonObject> result = new CompletableFuture<>();
        String id = nextId();
        pending.put(id, result);
        send(Json.createObjectBuilder()
                .add("method", method)
                .add("params", params)
                .add("id", id)
                .build());
        return result.orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    void notify(String method, JsonObject params) {
        send(Json.createObjectBuilder()
                .add("method", method)
                .add("params", params)
                .build());
    }

    /** Completes with the close code. */
    CompletableFuture<Integer> closed() {
        return closed;
    }

    @Override
    public void close() {
        socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .orTimeout(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .exceptionally(failure -> socket)
                .join();
    }

    private synchronized String nextId() {
        return "call-" + ++lastId;
    }

    private void send(JsonObject message) {
        sendText(message.toString());
    }

    /** Whatever it is. java.net.http allows one send at a time. */
    synchronized void sendText(String text) {
        sent = sent.thenCompose(done -> socket.sendText(text, true));
    }

    /** The next error that answers no call of ours. */
    CompletableFuture<JsonObject> nextError() {
        CompletableFuture<JsonObject> error = new CompletableFuture<>();
        strayError.set(error);
        return error;
    }

    private void receive(JsonObject message) {
        if (message.containsKey("method")) {
            Consumer<JsonObject> handler = handlers.get(message.getString("method"));
            if (handler != null) {
                handler.accept(message.getJsonObject("params"));
            }
            return;
        }
        JsonValue id = message.get("id");
        CompletableFuture<JsonObject> call = id == null ? null : pending.remove(stripQuotes(id));
        if (call == null) {
            if (message.containsKey("error")) {
                strayError.get().complete(message.getJsonObject("error"));
            }
            return;
        }
        if (message.containsKey("error")) {
            call.completeExceptionally(
                    new IllegalStateException(message.getJsonObject("error").toString()));
        } else {
            call.complete(message.getJsonObject("result"));
        }
    }

    private static String stripQuotes(JsonValue id) {
        return id.toString().replace("\"", "");
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                try (var reader = Json.createReader(new StringReader(whole))) {
                    receive(reader.readObject());
                }
            }
            webSocket.request(1);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
            closed.complete(statusCode);
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            closed.completeExceptionally(error);
        }
    }
}
