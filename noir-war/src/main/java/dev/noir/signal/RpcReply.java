package dev.noir.signal;

import dev.noir.protocol.ErrorCodes;
import dev.noir.protocol.JsonRpcCodec;
import dev.noir.protocol.ResultJson;
import dev.noir.room.ModerationResult;
import dev.noir.room.Reply;
import dev.noir.room.RoomException;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import org.jspecify.annotations.Nullable;

/** Sends the outcome of one request to its client. Thread: any. */
final class RpcReply implements Reply {
    // ion-sfu reports what a notification did wrong under this id; ion-sdk-js ignores it.
    private static final JsonValue NOTIFICATION_ID = JsonRpcCodec.JSON.createValue(0);

    // Given.
    private final JsonRpcCodec codec;
    private final @Nullable JsonValue id;
    private final Outbox outbox;

    RpcReply(JsonRpcCodec codec, @Nullable JsonValue id, Outbox outbox) {
        this.codec = codec;
        this.id = id;
        this.outbox = outbox;
    }

    @Override
    public void answer(String sdp) {
        if (id != null) {
            outbox.text(codec.result(id, description("answer", sdp)));
        }
    }

    @Override
    public void done() {
        if (id != null) {
            outbox.text(codec.result(id, JsonValue.EMPTY_JSON_OBJECT));
        }
    }

    @Override
    public void result(ModerationResult result) {
        if (id != null) {
            outbox.text(codec.result(id, ResultJson.of(result)));
        }
    }

    @Override
    public void error(RoomException error) {
        error(ErrorCodes.of(error.code()), String.valueOf(error.getMessage()));
    }

    void error(int code, String message) {
        outbox.text(codec.error(id == null ? NOTIFICATION_ID : id, code, message));
    }

    boolean isCall() {
        return id != null;
    }

    static JsonObject description(String type, String sdp) {
        return JsonRpcCodec.JSON
                .createObjectBuilder()
                .add("type", type)
                .add("sdp", sdp)
                .build();
    }
}
