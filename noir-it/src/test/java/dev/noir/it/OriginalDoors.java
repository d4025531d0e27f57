package dev.noir.it;

import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Doors that take the original's messages, each with a request of JSON-RPC in it. */
final class OriginalDoors {
    private static final int SECONDS = 30;

    // Of NoirRequest, NoirReply, AdminRequest and AdminReply.
    private static final int ID = 1;
    private static final int ADMIN_REQUEST = 5;
    private static final int ADMIN_REPLY = 4;
    private static final int RPC = 100;

    private OriginalDoors() {}

    static byte[] request(String id, String rpc) {
        return Protobuf.joined(Protobuf.field(ID, id), Protobuf.field(ADMIN_REQUEST, Protobuf.field(RPC, rpc)));
    }

    static JsonObject reply(byte[] reply) {
        return Protobuf.find(reply, ADMIN_REPLY)
                .flatMap(admin -> Protobuf.find(admin, RPC))
                .map(rpc -> AdminDoor.object(new String(rpc, StandardCharsets.UTF_8)))
                .orElseThrow(() ->
                        new AssertionError("no answer of JSON-RPC: " + new String(reply, StandardCharsets.UTF_8)));
    }

    /** What HTTP has for this status of gRPC. */
    static int httpStatus(int grpc) {
        return switch (grpc) {
            case 7 -> 403;
            case 16 -> 401;
            default -> throw new AssertionError("status " + grpc);
        };
    }

    /** The original's method of JSON-RPC. */
    record Relay(Socket socket) implements AdminDoor {
        @Override
        public JsonObject ask(String message) throws Exception {
            StringJoiner bytes = new StringJoiner(",");
            for (byte octet : request("r", message)) {
                bytes.add(Integer.toString(octet & 0xff));
            }
            JsonObject answer = socket.ask("{\"id\":1,\"method\":\"relay\",\"params\":{\"encoded\":[" + bytes + "]}}");
            ByteArrayOutputStream reply = new ByteArrayOutputStream();
            answer.getJsonObject("result")
                    .getJsonArray("encoded")
                    .getValuesAs(JsonNumber.class)
                    .forEach(octet -> reply.write(octet.intValue()));
            return reply(reply.toByteArray());
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    /** A stream of gRPC-web on a WebSocket. */
    static final class Web implements AdminDoor {
        private static final byte TRAILERS = (byte) 0x80;
        private static final int HEADER = 5;

        private final BlockingQueue<ByteBuffer> frames = new LinkedBlockingQueue<>();
        private final WebSocket socket;

        Web(URI uri, Map<String, String> headers) throws Exception {
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .subprotocols("grpc-websockets")
                    .buildAsync(uri.normalize(), new Listener())
                    .get(SECONDS, TimeUnit.SECONDS);
            StringBuilder lines = new StringBuilder("content-type: application/grpc-web+proto\r\n");
            headers.forEach((name, value) ->
                    lines.append(name).append(": ").append(value).append("\r\n"));
            send(lines.toString().getBytes(StandardCharsets.US_ASCII));
        }

        private final class Listener implements WebSocket.Listener {
            private final ByteArrayOutputStream frame = new ByteArrayOutputStream();

            @Override
            public CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean last) {
                byte[] bytes = new byte[part.remaining()];
                part.get(bytes);
                frame.writeBytes(bytes);
                if (last) {
                    frames.add(ByteBuffer.wrap(frame.toByteArray()));
                    frame.reset();
                }
                from.request(1);
                return null;
            }
        }

        private void send(byte[] frame) throws Exception {
            socket.sendBinary(ByteBuffer.wrap(frame), true).get(SECONDS, TimeUnit.SECONDS);
        }

        private byte[] next(boolean trailers) throws Exception {
            while (true) {
                ByteBuffer frame = frames.poll(SECONDS, TimeUnit.SECONDS);
                if (frame == null) {
                    throw new AssertionError("nothing comes");
                }
                byte[] content = new byte[frame.remaining() - HEADER];
                frame.get(HEADER, content);
                String text = new String(content, StandardCharsets.UTF_8);
                boolean hasEnded = frame.get(0) == TRAILERS && text.startsWith("grpc-status:");
                if (hasEnded && !trailers) {
                    throw new AssertionError(text);
                } else if (hasEnded || (frame.get(0) != TRAILERS && !trailers)) {
                    return content;
                }
            }
        }

        @Override
        public JsonObject ask(String message) throws Exception {
            byte[] request = request("w", message);
            send(ByteBuffer.allocate(1 + HEADER + request.length)
                    .put((byte) 0)
                    .put((byte) 0)
                    .putInt(request.length)
                    .put(request)
                    .array());
            return reply(next(false));
        }

        /** The status that it ends with by itself. */
        int end() throws Exception {
            String trailers = new String(next(true), StandardCharsets.US_ASCII);
            String status = trailers.lines().findFirst().orElseThrow();
            return Integer.parseInt(status.substring(status.indexOf(':') + 1).strip());
        }

        @Override
        public void close() {
            socket.abort();
        }
    }
}
