package dev.noir.protocol;

import jakarta.json.JsonValue;

/** A frame that is no acceptable request; becomes the error reply. */
public final class JsonRpcException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int code;
    private final transient JsonValue id;

    /** {@code id} is null (the JSON one) when it could not be read, as JSON-RPC 2.0 §5 wants. */
    public JsonRpcException(int code, String message, JsonValue id) {
        super(message);
        this.code = code;
        this.id = id;
    }

    public int code() {
        return code;
    }

    public JsonValue id() {
        return id;
    }
}
