package dev.noir.it;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A way to give commands to a node. One that is opened stays so, whatever is asked wrongly. */
interface AdminDoor extends AutoCloseable {
    /** The whole answer, with {@code result} or {@code error}. */
    JsonObject ask(String message) throws Exception;

    @Override
    void close();

    /**
     * Where a node has them.
     *
     * @param rpc where commands are posted; the socket is beside it
     * @param grpc the port of gRPC
     * @param redis the port of its Redis
     */
    record At(URI rpc, int grpc, int redis) {
        URI socket(String path) {
            return URI.create(rpc.resolve(path).toString().replaceFirst("http", "ws"));
        }
    }

    /** Those that there are. */
    enum Kind {
        POST {
            @Override
            AdminDoor open(At at, String token) {
                return new Post(at.rpc, token);
            }

            @Override
            int refusal(At at, Map<String, String> headers) throws Exception {
                return Post.send(at.rpc, headers, "{\"id\":1,\"method\":\"stats\"}")
                        .statusCode();
            }
        },
        SOCKET {
            @Override
            AdminDoor open(At at, String token) {
                return new Socket(at.socket("ws"), bearer(token));
            }

            @Override
            int refusal(At at, Map<String, String> headers) {
                return Socket.refusal(at.socket("ws"), headers);
            }
        },
        RELAY {
            @Override
            AdminDoor open(At at, String token) {
                return new OriginalDoors.Relay(new Socket(at.socket("ws"), bearer(token)));
            }

            @Override
            int refusal(At at, Map<String, String> headers) {
                return Socket.refusal(at.socket("ws"), headers);
            }
        },
        GRPC {
            @Override
            AdminDoor open(At at, String token) {
                return new NativeAdmin(at.grpc, bearer(token));
            }

            @Override
            int refusal(At at, Map<String, String> headers) throws Exception {
                try (NativeAdmin door = new NativeAdmin(at.grpc, headers)) {
                    return OriginalDoors.httpStatus(door.end());
                }
            }
        },
        GRPC_WEB {
            @Override
            AdminDoor open(At at, String token) throws Exception {
                return new OriginalDoors.Web(at.socket("../noir.Noir/Admin"), bearer(token));
            }

            @Override
            int refusal(At at, Map<String, String> headers) throws Exception {
                try (OriginalDoors.Web door = new OriginalDoors.Web(at.socket("../noir.Noir/Admin"), headers)) {
                    return OriginalDoors.httpStatus(door.end());
                }
            }
        },
        /** Whoever knows the cluster's secret. */
        REDIS {
            @Override
            AdminDoor open(At at, String token) throws Exception {
                return new RedisAdmin(at.redis, ClusterNode.SECRET);
            }

            @Override
            int refusal(At at, Map<String, String> headers) {
                throw new UnsupportedOperationException("nobody is told");
            }
        };

        /** Of somebody who has this token. */
        abstract AdminDoor open(At at, String token) throws Exception;

        /** The status of HTTP that is the answer to whoever sends these headers, or would be. */
        abstract int refusal(At at, Map<String, String> headers) throws Exception;
    }

    static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    static JsonObject object(String text) {
        try (JsonReader reader = Json.createReader(new StringReader(text))) {
            return reader.readObject();
        }
    }

    /** A request for each. */
    record Post(URI uri, String token) implements AdminDoor {
        private static final HttpClient CLIENT = HttpClient.newHttpClient();

        static HttpResponse<String> send(URI uri, Map<String, String> headers, String body)
                throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
            headers.forEach(request::header);
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }

        @Override
        public JsonObject ask(String message) throws Exception {
            return object(send(uri, bearer(token), message).body());
        }

        @Override
        public void close() {
            // Nothing stays open.
        }
    }

    /** One WebSocket for all. */
    final class Socket implements AdminDoor {
        private static final int SECONDS = 30;

        private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();
        private final WebSocket socket;

        Socket(URI uri, Map<String, String> headers) {
            WebSocket.Builder builder = HttpClient.newHttpClient().newWebSocketBuilder();
            headers.forEach(builder::header);
            socket = builder.buildAsync(uri, new Listener()).join();
        }

        static int refusal(URI uri, Map<String, String> headers) {
            try {
                new Socket(uri, headers).close();
                return 101;
            } catch (CompletionException e) {
                if (e.getCause() instanceof WebSocketHandshakeException refused) {
                    return refused.getResponse().statusCode();
                }
                throw e;
            }
        }

        private final class Listener implements WebSocket.Listener {
            private final StringBuilder text = new StringBuilder();

            @Override
            public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
                text.append(part);
                if (last) {
                    messages.add(text.toString());
                    text.setLength(0);
                }
                from.request(1);
                return null;
            }
        }

        @Override
        public JsonObject ask(String message) throws Exception {
            socket.sendText(message, true).get(SECONDS, TimeUnit.SECONDS);
            return next();
        }

        /** What comes next, asked for or not. */
        JsonObject next() throws InterruptedException {
            String message = messages.poll(SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("nothing comes");
            }
            return object(message);
        }

        @Override
        public void close() {
            socket.abort();
        }
    }
}
