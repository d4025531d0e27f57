package dev.noir.grpc;

import dev.noir.access.Visitor;
import dev.noir.admin.Actor;
import dev.noir.admin.CommandException;
import dev.noir.admin.CommandException.Code;
import dev.noir.admin.EventFollows;
import dev.noir.admin.RpcDoor;
import dev.noir.proto.noir.NoirReply;
import dev.noir.protocol.JsonRpcCodec;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/**
 * The original's methods of JSON-RPC for administrators, of one socket: protobuf messages as arrays of numbers. Its clients find a
 * reply by the id of the NoirRequest, and take whatever has none for a notification. Thread: any.
 */
public final class Relay implements AutoCloseable {
    private static final int CHARS_PER_BYTE = 4;

    // Given.
    private final EventFollows.Ear ear;
    private final int longest;

    // Owned.
    private final NoirTalk talk;
    private final JsonRpcCodec codec = new JsonRpcCodec();

    /** @param ear hears what JSON-RPC has no place for in its answers */
    public Relay(NoirAdmin admin, Actor actor, Visitor visitor, BooleanSupplier stillMay, EventFollows.Ear ear) {
        this.ear = ear;
        this.longest = admin.signal().limits().maxJoinedFrameChars();
        this.talk = admin.talk(actor, visitor, stillMay, new Notices());
    }

    /** Of a message with one of ours in it. */
    public static int maxChars(NoirAdmin admin) {
        return CHARS_PER_BYTE * admin.signal().limits().maxJoinedFrameChars();
    }

    public Map<String, RpcDoor.OwnMethod> methods() {
        return Map.of("relay", this::relay, "subscribe", Relay::subscribe);
    }

    /** Everything is told anyway. */
    private static CompletionStage<Optional<JsonObject>> subscribe(JsonValue id, JsonObject params) {
        return CompletableFuture.completedStage(Optional.of(JsonValue.EMPTY_JSON_OBJECT));
    }

    private CompletionStage<Optional<JsonObject>> relay(JsonValue id, JsonObject params) {
        return talk.answer(decoded(params)).thenApply(answer -> answer.reply().flatMap(reply -> said(id, reply)));
    }

    /** What the method itself answers; empty: it has been said. */
    private Optional<JsonObject> said(JsonValue id, NoirReply reply) {
        if (!reply.getId().isEmpty()) {
            ear.hear(codec.result(JsonRpcCodec.JSON.createValue(reply.getId()), encoded(reply)));
        } else if (id == JsonValue.NULL) {
            notice(reply);
        } else {
            return Optional.of(encoded(reply));
        }
        return Optional.empty();
    }

    private final class Notices implements NoirTalk.Ear {
        @Override
        public void hear(NoirReply reply) {
            notice(reply);
        }

        @Override
        public int waiting() {
            return ear.waiting();
        }
    }

    private void notice(NoirReply reply) {
        ear.hear(codec.notification("noir", encoded(reply)));
    }

    private byte[] decoded(JsonObject params) {
        if (params.size() != 1 || !(params.get("encoded") instanceof JsonArray array) || array.size() > longest) {
            throw new CommandException(
                    Code.INVALID,
                    "params must have encoded, an array of at most " + longest + " bytes, and nothing else");
        }
        byte[] bytes = new byte[array.size()];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = octet(array.get(i));
        }
        return bytes;
    }

    private static byte octet(JsonValue value) {
        if (value instanceof JsonNumber number && number.isIntegral()) {
            double octet = number.doubleValue();
            if (octet >= 0 && octet <= 255) {
                return (byte) (int) octet;
            }
        }
        throw new CommandException(Code.INVALID, "bytes are whole numbers from 0 to 255");
    }

    private static JsonObject encoded(NoirReply reply) {
        JsonArrayBuilder bytes = JsonRpcCodec.JSON.createArrayBuilder();
        for (byte octet : reply.toByteArray()) {
            bytes.add(octet & 0xff);
        }
        return JsonRpcCodec.JSON.createObjectBuilder().add("encoded", bytes).build();
    }

    /** The clients leave their rooms. */
    @Override
    public void close() {
        talk.close();
    }
}
