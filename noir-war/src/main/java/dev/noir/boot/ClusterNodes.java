package dev.noir.boot;

import dev.noir.admin.ClusterView;
import dev.noir.admin.NodeCommands.NodeEntry;
import dev.noir.bus.NodeInfo;
import dev.noir.bus.NodeRegistry;
import dev.noir.route.NodeQuestions;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** The nodes as management sees them. Thread: any. */
record ClusterNodes(NodeRegistry registry, NodeQuestions questions) implements ClusterView {
    @Override
    public String self() {
        return registry.self().id();
    }

    @Override
    public List<NodeEntry> nodes() {
        return registry.live().stream().map(ClusterNodes::entry).toList();
    }

    private static NodeEntry entry(NodeInfo node) {
        return new NodeEntry(
                node.id(),
                node.state().name().toLowerCase(Locale.ROOT),
                node.services().stream().sorted().toList(),
                node.addresses(),
                node.version(),
                node.startedMillis(),
                node.load().cpu(),
                node.load().packetsPerSecond(),
                node.load().peers(),
                node.load().rooms());
    }

    @Override
    public CompletionStage<String> ask(String node, String question) {
        return questions.ask(node, question);
    }
}
