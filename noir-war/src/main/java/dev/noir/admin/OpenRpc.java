package dev.noir.admin;

import dev.noir.protocol.JsonRpcCodec;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The commands as OpenRPC 1.2.6 describes JSON-RPC, from their records. Thread: any. */
final class OpenRpc {
    private OpenRpc() {}

    static JsonObject document(List<Command<?, ?>> commands) {
        JsonArrayBuilder methods = JsonRpcCodec.JSON.createArrayBuilder();
        commands.forEach(
                command -> methods.add(method(command.name(), command.about(), command.input(), command.output())));
        ownMethods().forEach(methods::add);
        return object().add("openrpc", "1.2.6")
                .add("info", object().add("title", "noiR management").add("version", "1"))
                .add("methods", methods)
                .build();
    }

    private static JsonObjectBuilder object() {
        return JsonRpcCodec.JSON.createObjectBuilder();
    }

    /**
     * What only connections that stay can do. OpenRPC knows no notifications of servers, and lets documents have members that begin
     * with x-.
     */
    private static List<JsonObjectBuilder> ownMethods() {
        JsonArrayBuilder told = JsonRpcCodec.JSON
                .createArrayBuilder()
                .add(notification(EventFollows.EVENT, "Something has happened in the room.", EventFollows.Told.class))
                .add(notification(EventFollows.ENDED, "Nothing is told any more.", EventFollows.Ended.class));
        return List.of(
                onConnections(method(
                                "events.follow",
                                "What has happened in a room, from a number on, and what happens there.",
                                EventFollows.Follow.class,
                                EventFollows.Followed.class))
                        .add("x-notifications", told),
                onConnections(
                        method("events.unfollow", "Ends that.", EventFollows.Followed.class, NodeCommands.Done.class)));
    }

    private static JsonObjectBuilder onConnections(JsonObjectBuilder method) {
        return method.add("x-only", "on connections that stay: /admin/ws, and rpc in Admin of gRPC");
    }

    private static JsonObjectBuilder notification(String name, String about, Class<?> params) {
        return object().add("name", name).add("summary", about).add("params", params(params));
    }

    private static JsonArrayBuilder params(Class<?> input) {
        JsonArrayBuilder params = JsonRpcCodec.JSON.createArrayBuilder();
        for (RecordComponent component : input.getRecordComponents()) {
            params.add(object().add("name", component.getName())
                    .add("required", component.getType() != Optional.class)
                    .add("schema", schema(component)));
        }
        return params;
    }

    private static JsonObjectBuilder method(String name, String about, Class<?> input, Class<?> output) {
        return object().add("name", name)
                .add("summary", about)
                .add("paramStructure", "by-name")
                .add("params", params(input))
                .add("result", object().add("name", "result").add("schema", record(output)));
    }

    private static JsonObjectBuilder record(Class<?> type) {
        JsonObjectBuilder properties = object();
        JsonArrayBuilder required = JsonRpcCodec.JSON.createArrayBuilder();
        for (RecordComponent component : type.getRecordComponents()) {
            properties.add(component.getName(), schema(component));
            if (component.getType() != Optional.class) {
                required.add(component.getName());
            }
        }
        return object().add("type", "object").add("properties", properties).add("required", required);
    }

    private static JsonObjectBuilder schema(RecordComponent component) {
        Type type = component.getGenericType();
        Type inner = component.getType() == Optional.class ? RecordJson.argument(type, 0) : type;
        Member member = RecordJson.bounds(component);
        JsonObjectBuilder schema = schema(inner, member);
        return member == null ? schema : schema.add("description", member.value());
    }

    private static JsonObjectBuilder schema(Type type, @Nullable Member member) {
        if (type instanceof ParameterizedType parameterized) {
            return parameterized.getRawType() == List.class
                    ? object().add("type", "array").add("items", schema(RecordJson.argument(type, 0), null))
                    : object().add("type", "object");
        }
        Class<?> raw = (Class<?>) type;
        if (raw == String.class) {
            long max = member == null || member.max() < 0 ? RecordJson.MAX_TEXT : member.max();
            return object().add("type", "string").add("maxLength", max);
        } else if (raw == boolean.class || raw == Boolean.class) {
            return object().add("type", "boolean");
        } else if (raw == double.class) {
            return object().add("type", "number");
        } else if (raw.isEnum()) {
            return object().add("type", "string")
                    .add("enum", JsonRpcCodec.JSON.createArrayBuilder(RecordJson.words(raw)));
        }
        return raw.isRecord() ? record(raw) : whole(member);
    }

    private static JsonObjectBuilder whole(@Nullable Member member) {
        JsonObjectBuilder schema = object().add("type", "integer").add("minimum", member == null ? 0 : member.min());
        return member == null || member.max() < 0 ? schema : schema.add("maximum", member.max());
    }
}
