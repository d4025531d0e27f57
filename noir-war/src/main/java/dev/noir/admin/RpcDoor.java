package dev.noir.admin;

import dev.noir.admin.CommandException.Code;
import dev.noir.admin.RecordJson.Rigour;
import dev.noir.protocol.ErrorCodes;
import dev.noir.protocol.JsonRpcCodec;
import dev.noir.protocol.JsonRpcException;
import dev.noir.protocol.JsonRpcRequest;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;

/** Commands as JSON-RPC 2.0, over whatever brings texts. docs/management.md. Thread: any. */
public final class RpcDoor {
    /** Of one message, in characters. */
    public static final int MAX_CHARS = 64 * 1024;

    private static final int EXISTS = 409;
    private static final int INTERNAL = 500;
    private static final int DEADLINE = 504;

    /** Something that one connection can do beside commands, and that need not be a command's answer. */
    public interface OwnMethod {
        /**
         * Does it. Fails with nothing but a {@link CommandException}, or throws it.
         *
         * @param id null of JSON: there is none
         * @return empty: whoever has asked is told otherwise, or not at all
         */
        CompletionStage<Optional<JsonObject>> run(JsonValue id, JsonObject params);
    }

    // Given.
    private final Commands commands;

    // Owned.
    private final JsonRpcCodec codec = new JsonRpcCodec();

    public RpcDoor(Commands commands) {
        this.commands = commands;
    }

    /** What to say to one message; empty: nothing, since it has no id. Never fails. */
    public CompletionStage<Optional<String>> answer(Actor actor, String message) {
        return answer(actor, message.length(), () -> codec.parse(message));
    }

    /** What has been read, or is to be. */
    private interface Reading {
        JsonRpcRequest request() throws JsonRpcException;
    }

    private CompletionStage<Optional<String>> answer(Actor actor, int length, Reading reading) {
        JsonValue id = JsonValue.NULL;
        try {
            commands.charge(actor);
            if (length > MAX_CHARS) {
                return CompletableFuture.completedStage(Optional.of(tooLarge()));
            }
            JsonRpcRequest request = reading.request();
            JsonValue asked = request.id();
            id = asked == null ? id : asked;
            return answer(actor, request);
        } catch (JsonRpcException e) {
            return said(codec.error(e.id(), e.code(), String.valueOf(e.getMessage())));
        } catch (RuntimeException e) {
            return said(error(id, CommandException.of(e)));
        }
    }

    /**
     * The same on a connection that stays. Its own methods have budgets of their own.
     *
     * @param maxChars of a message for one of them
     */
    public CompletionStage<Optional<String>> answer(
            Actor actor, String message, Map<String, OwnMethod> own, int maxChars) {
        try {
            if (message.length() <= maxChars) {
                JsonRpcRequest request = codec.parse(message);
                OwnMethod method = own.get(request.method());
                return method != null ? answer(request, method) : answer(actor, message.length(), () -> request);
            }
        } catch (JsonRpcException e) {
            // Charged for and said below.
        }
        return answer(actor, message);
    }

    private CompletionStage<Optional<String>> answer(JsonRpcRequest request, OwnMethod method) {
        JsonValue asked = request.id();
        JsonValue id = asked == null ? JsonValue.NULL : asked;
        CompletionStage<Optional<String>> answer;
        try {
            answer = method.run(id, request.params()).thenApply(told -> told.map(result -> codec.result(id, result)));
        } catch (RuntimeException e) {
            answer = CompletableFuture.failedStage(e);
        }
        return answer.exceptionally(failure -> Optional.of(error(id, CommandException.of(failure))))
                .thenApply(text -> asked == null ? Optional.empty() : text);
    }

    /** Events for a connection that stays: methods of its own. To be closed with it. */
    public EventFollows follows(Actor actor, EventFollows.Ear ear, BooleanSupplier stillMay) {
        return commands.follows(actor, ear, stillMay);
    }

    /** To somebody who may not give commands any more. */
    public String forbidden() {
        return codec.error(JsonValue.NULL, ErrorCodes.FORBIDDEN, "you may not administrate noiR any more");
    }

    /** To a message of more than {@link #MAX_CHARS}, which nobody has read. */
    public String tooLarge() {
        return codec.error(
                JsonValue.NULL, ErrorCodes.INVALID_REQUEST, "a message may have " + MAX_CHARS + " characters");
    }

    private static CompletionStage<Optional<String>> said(String text) {
        return CompletableFuture.completedStage(Optional.of(text));
    }

    private CompletionStage<Optional<String>> answer(Actor actor, JsonRpcRequest request) {
        JsonValue id = request.id();
        JsonValue echo = id == null ? JsonValue.NULL : id;
        return run(commands.find(request.method()), actor, request.params())
                .handle((result, failure) ->
                        failure == null ? codec.result(echo, result) : error(echo, CommandException.of(failure)))
                .thenApply(text -> id == null ? Optional.empty() : Optional.of(text));
    }

    /** Gives a command that somebody has read out of other words. Fails with nothing but a {@link CommandException}. */
    public CompletionStage<JsonObject> run(Actor actor, String method, JsonObject params) {
        try {
            commands.charge(actor);
            return run(commands.find(method), actor, params);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(CommandException.of(e));
        }
    }

    private <I extends Record, O extends Record> CompletionStage<JsonObject> run(
            Command<I, O> command, Actor actor, JsonObject params) {
        I input = RecordJson.read(command.input(), params, Rigour.STRICT);
        return commands.run(command, actor, input).thenApply(RecordJson::write);
    }

    private String error(JsonValue id, CommandException why) {
        return codec.error(id, codeOf(why.code()), String.valueOf(why.getMessage()));
    }

    static int codeOf(Code code) {
        return switch (code) {
            case UNKNOWN -> ErrorCodes.METHOD_NOT_FOUND;
            case INVALID -> ErrorCodes.INVALID_PARAMS;
            case FORBIDDEN -> ErrorCodes.FORBIDDEN;
            case NOT_FOUND -> ErrorCodes.NOT_FOUND;
            case EXISTS -> EXISTS;
            case ENDED -> ErrorCodes.ROOM_ENDED;
            case TOO_MANY -> ErrorCodes.TOO_MANY;
            case FULL -> ErrorCodes.ROOM_FULL;
            case UNAVAILABLE -> ErrorCodes.UNAVAILABLE;
            case DEADLINE -> DEADLINE;
            case INTERNAL -> INTERNAL;
        };
    }
}
