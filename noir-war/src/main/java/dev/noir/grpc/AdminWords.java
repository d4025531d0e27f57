package dev.noir.grpc;

import com.google.protobuf.ByteString;
import dev.noir.admin.CommandException;
import dev.noir.admin.CommandException.Code;
import dev.noir.proto.noir.AdminReply;
import dev.noir.proto.noir.AdminRequest;
import dev.noir.proto.noir.CreateRoomReply;
import dev.noir.proto.noir.RoomAdminReply;
import dev.noir.proto.noir.RoomAdminRequest;
import dev.noir.proto.noir.RoomCountReply;
import dev.noir.proto.noir.RoomJobReply;
import dev.noir.proto.noir.RoomJobRequest;
import dev.noir.proto.noir.RoomListEntry;
import dev.noir.proto.noir.RoomListReply;
import dev.noir.proto.noir.RoomOptions;
import dev.noir.protocol.JsonRpcCodec;
import dev.noir.protocol.JsonRpcException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Between the original's few commands and ours. Thread: any. */
final class AdminWords {
    private static final JsonRpcCodec CODEC = new JsonRpcCodec();

    /** Gives a command of ours; fails with nothing but a {@link CommandException}. */
    interface Commands {
        CompletionStage<JsonObject> run(String method, JsonObject params);
    }

    /**
     * What has come of something.
     *
     * @param why empty: it was done
     */
    record Outcome(AdminReply reply, GrpcCode code, String why) {}

    private record Asked(String method, JsonObject params) {}

    private AdminWords() {}

    /** Does what is asked for. Never fails. */
    static CompletionStage<Outcome> answer(AdminRequest request, Commands commands) {
        try {
            Asked asked = asked(request);
            CompletionStage<JsonObject> result = commands.run(asked.method, asked.params);
            CompletionStage<AdminReply> reply = request.hasRoomList()
                    ? result.thenCombine(commands.run("rooms.count", object().build()), AdminWords::list)
                    : result.thenApply(told -> done(request, told));
            return reply.thenApply(told -> new Outcome(told, GrpcCode.OK, ""))
                    .exceptionally(failure -> failed(request, CommandException.of(failure)));
        } catch (CommandException e) {
            return CompletableFuture.completedStage(failed(request, e));
        }
    }

    private static JsonObjectBuilder object() {
        return JsonRpcCodec.JSON.createObjectBuilder();
    }

    private static CommandException invalid(String why) {
        return new CommandException(Code.INVALID, why);
    }

    /** @throws CommandException INVALID when we have no words for it */
    private static Asked asked(AdminRequest request) {
        return switch (request.getPayloadCase()) {
            case ROOMADMIN -> asked(request.getRoomAdmin());
            case ROOMCOUNT -> new Asked("rooms.count", object().build());
            case ROOMLIST ->
                new Asked(
                        "rooms.list",
                        object().add("filter", object().add("state", "open")).build());
            case RPC, PAYLOAD_NOT_SET -> throw invalid("this asks for nothing");
        };
    }

    private static Asked asked(RoomAdminRequest request) {
        return switch (request.getMethodCase()) {
            case CREATEROOM ->
                new Asked(
                        "rooms.create",
                        room(request.getRoomID(), request.getCreateRoom().getOptions()));
            case ROOMJOB -> new Asked("jobs.start", job(request.getRoomID(), request.getRoomJob()));
            case METHOD_NOT_SET -> throw invalid("this asks for nothing");
        };
    }

    /** What is 0 or empty is left at its default; an age of -1 was the original's for as long as somebody is in. */
    private static JsonObject room(String name, RoomOptions options) {
        JsonObjectBuilder room = object().add("room", name).add("channel", options.getIsChannel());
        addText(room, "title", options.getTitle());
        addText(room, "joinPassword", options.getJoinPassword());
        addText(room, "publishPassword", options.getPublishPassword());
        if (options.getMaxPeers() != 0) {
            room.add("maxPeers", options.getMaxPeers());
        }
        long age = options.getMaxAgeSeconds();
        if (age < -1 || options.getKeyExpiryFactor() < 0) {
            throw invalid("maxAgeSeconds is at least -1, keyExpiryFactor at least 0");
        }
        if (age == -1) {
            room.add("maxAgeSeconds", 0);
        } else if (age > 0) {
            room.add("maxAgeSeconds", age).add("reserveSeconds", age * options.getKeyExpiryFactor());
        }
        return room.build();
    }

    private static void addText(JsonObjectBuilder object, String name, String text) {
        if (!text.isEmpty()) {
            object.add(name, text);
        }
    }

    private static JsonObject job(String room, RoomJobRequest request) {
        if (!request.getPid().isEmpty()) {
            throw invalid("jobs name themselves here: pid must be empty");
        }
        JsonObjectBuilder job = object().add("kind", request.getHandler()).add("room", room);
        if (!request.getOptions().isEmpty()) {
            job.add("options", options(request.getOptions()));
        }
        return job.build();
    }

    private static JsonObject options(ByteString json) {
        try {
            if (json.isValidUtf8() && CODEC.read(json.toString(StandardCharsets.UTF_8)) instanceof JsonObject object) {
                return object;
            }
        } catch (JsonRpcException e) {
            // Below.
        }
        throw invalid("a job's options must be a JSON object");
    }

    private static AdminReply done(AdminRequest request, JsonObject result) {
        AdminReply.Builder reply = AdminReply.newBuilder();
        switch (request.getPayloadCase()) {
            case ROOMADMIN -> reply.setRoomAdmin(done(request.getRoomAdmin(), result));
            case ROOMCOUNT -> reply.setRoomCount(RoomCountReply.newBuilder().setResult(result.getInt("rooms")));
            case ROOMLIST, RPC, PAYLOAD_NOT_SET -> throw new IllegalStateException("nothing was asked for");
        }
        return reply.build();
    }

    private static RoomAdminReply.Builder done(RoomAdminRequest request, JsonObject result) {
        RoomAdminReply.Builder reply = RoomAdminReply.newBuilder().setRoomID(request.getRoomID());
        return switch (request.getMethodCase()) {
            case CREATEROOM -> reply.setCreateRoom(CreateRoomReply.newBuilder().setOptions(options(result)));
            case ROOMJOB ->
                reply.setRoomJob(RoomJobReply.newBuilder()
                        .setHandler(request.getRoomJob().getHandler())
                        .setPid(result.getString("job"))
                        .setStatus(true)
                        .setOptions(request.getRoomJob().getOptions()));
            case METHOD_NOT_SET -> throw new IllegalStateException("nothing was asked for");
        };
    }

    /** Not the passwords, which nobody is told. */
    private static RoomOptions options(JsonObject room) {
        int age = room.getInt("maxAgeSeconds");
        return RoomOptions.newBuilder()
                .setTitle(room.getString("title"))
                .setMaxAgeSeconds(age == 0 ? -1 : age)
                .setKeyExpiryFactor(age == 0 ? 0 : room.getInt("reserveSeconds") / age)
                .setMaxPeers(room.getInt("maxPeers"))
                .setIsChannel(room.getBoolean("channel"))
                .build();
    }

    /** The first ones, by name, with the number of peers in them. */
    private static AdminReply list(JsonObject page, JsonObject count) {
        RoomListReply.Builder list = RoomListReply.newBuilder();
        page.getJsonArray("rooms")
                .getValuesAs(JsonObject.class)
                .forEach(room -> list.addResult(
                        RoomListEntry.newBuilder().setId(room.getString("room")).setScore(room.getInt("peers"))));
        return AdminReply.newBuilder()
                .setRoomList(list.setCount(count.getInt("rooms")))
                .build();
    }

    private static Outcome failed(AdminRequest request, CommandException failure) {
        String why = String.valueOf(failure.getMessage());
        AdminReply.Builder reply = AdminReply.newBuilder();
        if (request.hasRoomAdmin()) {
            reply.setRoomAdmin(RoomAdminReply.newBuilder()
                    .setRoomID(request.getRoomAdmin().getRoomID())
                    .setError(why));
        } else {
            reply.setError(why);
        }
        return new Outcome(reply.build(), GrpcCode.of(failure.code()), why);
    }
}
