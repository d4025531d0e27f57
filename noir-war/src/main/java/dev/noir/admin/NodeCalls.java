package dev.noir.admin;

import dev.noir.access.Caller;
import dev.noir.admin.CommandException.Code;
import dev.noir.admin.RecordJson.Rigour;
import dev.noir.protocol.JsonRpcCodec;
import dev.noir.protocol.JsonRpcException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * What nodes do for each other: commands of their own, that only nodes give, named as {@code node.…}. Each is answered by the node
 * that is asked, from what it has itself. Thread: any.
 */
public final class NodeCalls {
    /**
     * What all nodes have said.
     *
     * @param silent those that did not answer
     */
    record Gathered<O>(Map<String, O> answers, List<String> silent) {}

    // Given.
    private final ClusterView cluster;

    // Owned.
    private final Map<String, Command<?, ?>> own = new ConcurrentHashMap<>();
    private final JsonRpcCodec codec = new JsonRpcCodec();

    public NodeCalls(ClusterView cluster) {
        this.cluster = cluster;
    }

    ClusterView cluster() {
        return cluster;
    }

    /** To be answered here from now on. */
    <I extends Record, O extends Record> Command<I, O> register(Command<I, O> command) {
        own.put(command.name(), command);
        return command;
    }

    /** The node's answer; fails with what the node has failed with. */
    <I extends Record, O extends Record> CompletionStage<O> ask(
            String node, Actor actor, Command<I, O> command, I input) {
        if (node.equals(cluster.self())) {
            return command.action().apply(actor, input);
        }
        boolean lives = cluster.nodes().stream().anyMatch(entry -> entry.node().equals(node));
        if (!lives) {
            return CompletableFuture.failedStage(new CommandException(Code.NOT_FOUND, "there is no such node"));
        }
        JsonObjectBuilder question = JsonRpcCodec.JSON
                .createObjectBuilder()
                .add("method", command.name())
                .add("actor", actor(actor))
                .add("params", RecordJson.write(input));
        return cluster.ask(node, question.build().toString())
                .thenApply(answer -> result(command.output(), object(answer)));
    }

    /** Whoever does not answer is missing in what is gathered. */
    <I extends Record, O extends Record> CompletionStage<Gathered<O>> askAll(
            Actor actor, Command<I, O> command, I input) {
        Map<String, O> answers = new ConcurrentHashMap<>();
        return askEach(actor, command, input, answers::put)
                .thenApply(silent -> new Gathered<>(answers, List.copyOf(silent.keySet())));
    }

    /**
     * For whoever need not wait for all.
     *
     * @param each told what a node has answered, when it has
     * @return when all have: what the others have failed with, by node
     */
    <I extends Record, O extends Record> CompletionStage<SortedMap<String, CommandException>> askEach(
            Actor actor, Command<I, O> command, I input, BiConsumer<String, O> each) {
        SortedMap<String, CommandException> silent = new ConcurrentSkipListMap<>();
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (NodeCommands.NodeEntry node : cluster.nodes()) {
            all.add(ask(node.node(), actor, command, input)
                    .handle((answer, failure) -> {
                        if (failure == null) {
                            each.accept(node.node(), answer);
                        } else {
                            silent.put(node.node(), CommandException.of(failure));
                        }
                        return node;
                    })
                    .toCompletableFuture());
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).thenApply(nothing -> silent);
    }

    private static JsonObject actor(Actor actor) {
        Caller caller = actor.caller();
        return JsonRpcCodec.JSON
                .createObjectBuilder()
                .add("principal", caller.principal())
                .add("roles", JsonRpcCodec.JSON.createArrayBuilder(caller.roles()))
                .add("means", caller.means().name())
                .add("address", caller.address())
                .add("door", actor.door())
                .build();
    }

    private static Actor actor(JsonObject json) {
        Set<String> roles = json.getJsonArray("roles").getValuesAs(JsonString.class).stream()
                .map(JsonString::getString)
                .collect(Collectors.toUnmodifiableSet());
        Caller caller = new Caller(
                json.getString("principal"),
                roles,
                Caller.Means.valueOf(json.getString("means")),
                json.getString("address"));
        return new Actor(caller, json.getString("door"));
    }

    private JsonObject object(String text) {
        try {
            if (codec.read(text) instanceof JsonObject object) {
                return object;
            }
        } catch (JsonRpcException e) {
            // Below.
        }
        throw new CommandException(Code.INTERNAL, "what another server has said cannot be read");
    }

    private static <O extends Record> O result(Class<O> type, JsonObject answer) {
        if (answer.get("error") instanceof JsonObject error) {
            throw new CommandException(Code.valueOf(error.getString("code")), error.getString("message"));
        }
        return RecordJson.read(type, answer.getJsonObject("result"), Rigour.FORGIVING);
    }

    /**
     * Answers a node, this one or another.
     *
     * @param signed what the question says of who asks can be believed
     * @return never fails
     */
    public CompletionStage<String> answer(String question, boolean signed) {
        try {
            JsonObject json = object(question);
            Command<?, ?> command = own.get(json.getString("method"));
            if (command == null) {
                throw new CommandException(Code.UNAVAILABLE, "that server is of a version without such commands");
            } else if (command.changes() && !signed) {
                throw new CommandException(
                        Code.FORBIDDEN, "another server may do that only if all share noir.cluster.secret");
            }
            return answer(command, actor(json.getJsonObject("actor")), json.getJsonObject("params"));
        } catch (RuntimeException e) { // Also a member that is not there.
            return CompletableFuture.completedStage(error(e));
        }
    }

    private static <I extends Record, O extends Record> CompletionStage<String> answer(
            Command<I, O> command, Actor actor, JsonObject params) {
        I input = RecordJson.read(command.input(), params, Rigour.FORGIVING);
        return command.action()
                .apply(actor, input)
                .handle((output, failure) -> failure == null ? result(output) : error(failure));
    }

    private static String result(Record output) {
        return JsonRpcCodec.JSON
                .createObjectBuilder()
                .add("result", RecordJson.write(output))
                .build()
                .toString();
    }

    private static String error(Throwable failure) {
        CommandException why = CommandException.of(failure);
        return JsonRpcCodec.JSON
                .createObjectBuilder()
                .add(
                        "error",
                        JsonRpcCodec.JSON
                                .createObjectBuilder()
                                .add("code", why.code().name())
                                .add("message", String.valueOf(why.getMessage())))
                .build()
                .toString();
    }
}
