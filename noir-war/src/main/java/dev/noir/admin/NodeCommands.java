package dev.noir.admin;

import dev.noir.admin.CommandException.Code;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What can be asked of nodes. Thread: any. */
public final class NodeCommands {
    /** Nothing. */
    public record Nothing() {}

    /** Done. */
    public record Done() {}

    /** Which node. */
    public record NodeName(@Member("id of the node") String node) {}

    /** A node as its last heartbeat has told it. */
    public record NodeEntry(
            @Member("id of the node") String node,
            @Member("up, or draining: it takes no new rooms") String state,
            @Member("of signal, sfu and job") List<String> services,
            @Member("where its media goes") List<String> addresses,
            @Member("of noiR") String version,
            @Member("when it was started, in ms since 1970 by its own clock") long started,
            @Member("share of all processors in use, 0 to 1") double cpu,
            @Member("RTP packets sent on per second") double packetsPerSecond,
            @Member("in its rooms") int peers,
            @Member("that it hosts") int rooms) {}

    /** Those that are alive. */
    public record NodeList(@Member("by id") List<NodeEntry> nodes) {}

    /** How far a node is that leaves. */
    public record NodeState(
            @Member("id of the node") String node,
            @Member("up, draining, or drained: it can be stopped") DrainControl.State state) {}

    /** All nodes together. */
    public record Stats(
            @Member("alive") int nodes,
            @Member("of them take no new rooms") int draining,
            @Member("hosted") int rooms,
            @Member("in rooms") int peers,
            @Member("RTP packets sent on per second") double packetsPerSecond,
            @Member("of the busiest node: share of all processors in use, 0 to 1") double busiest) {}

    // Given.
    private final NodeCalls calls;
    private final DrainControl drain;

    // Owned: what this node does for others.
    private final Command<NodeName, NodeState> ownState;
    private final Command<NodeName, NodeState> ownDrain;

    NodeCommands(NodeCalls calls, DrainControl drain) {
        this.calls = calls;
        this.drain = drain;
        this.ownState = calls.register(new Command<>(
                "node.state", "how far it is", false, NodeName.class, NodeState.class, (actor, input) -> state()));
        this.ownDrain = calls.register(new Command<>(
                "node.drain", "begins", true, NodeName.class, NodeState.class, (actor, input) -> beginDrain()));
    }

    private CompletionStage<NodeState> state() {
        return CompletableFuture.completedStage(new NodeState(calls.cluster().self(), drain.state()));
    }

    private CompletionStage<NodeState> beginDrain() {
        drain.drain();
        return state();
    }

    public CompletionStage<NodeList> list(Actor actor, Nothing input) {
        return CompletableFuture.completedStage(new NodeList(calls.cluster().nodes().stream()
                .sorted(Comparator.comparing(NodeEntry::node))
                .toList()));
    }

    public CompletionStage<NodeEntry> get(Actor actor, NodeName input) {
        return calls.cluster().nodes().stream()
                .filter(node -> node.node().equals(input.node()))
                .findFirst()
                .map(CompletableFuture::completedStage)
                .orElseGet(() ->
                        CompletableFuture.failedStage(new CommandException(Code.NOT_FOUND, "there is no such node")));
    }

    public CompletionStage<NodeState> state(Actor actor, NodeName input) {
        return calls.ask(input.node(), actor, ownState, input);
    }

    public CompletionStage<NodeState> drain(Actor actor, NodeName input) {
        return calls.ask(input.node(), actor, ownDrain, input);
    }

    public CompletionStage<Stats> stats(Actor actor, Nothing input) {
        List<NodeEntry> nodes = calls.cluster().nodes();
        return CompletableFuture.completedStage(new Stats(
                nodes.size(),
                (int) nodes.stream().filter(node -> !node.state().equals("up")).count(),
                nodes.stream().mapToInt(NodeEntry::rooms).sum(),
                nodes.stream().mapToInt(NodeEntry::peers).sum(),
                nodes.stream().mapToDouble(NodeEntry::packetsPerSecond).sum(),
                nodes.stream().mapToDouble(NodeEntry::cpu).max().orElse(0)));
    }
}
