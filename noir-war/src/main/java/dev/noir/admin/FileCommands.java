package dev.noir.admin;

import dev.noir.admin.NodeCommands.Nothing;
import dev.noir.room.Projector;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;

/** Files that can be played into rooms, at all nodes: the one that hosts a room needs its file. Thread: any. */
public final class FileCommands {
    /** One of them. */
    public record FileEntry(
            @Member("its name in the folder, as the option filename of PlayFile") String file,
            @Member("nodes that have it") List<String> nodes) {}

    /** All that there are. */
    public record FileList(
            @Member("by name; of each node 1000 at most") List<FileEntry> files,
            @Member("nodes that did not answer, or cannot read their folder: theirs are missing")
                    List<String> silent) {}

    /** One node's. */
    record OwnFiles(@Member("by name") List<String> files) {}

    // Given.
    private final NodeCalls calls;

    // Owned: what this node does for others.
    private final Command<Nothing, OwnFiles> own;

    FileCommands(NodeCalls calls, Projector projector) {
        this.calls = calls;
        // It changes nothing, but what files are called is told to nodes alone that can show that they are some.
        this.own = calls.register(
                new Command<>("node.files", "its own", true, Nothing.class, OwnFiles.class, (actor, input) -> projector
                        .files()
                        .thenApply(OwnFiles::new)));
    }

    CompletionStage<FileList> list(Actor actor, Nothing input) {
        return calls.askAll(actor, own, input).thenApply(all -> {
            Map<String, List<String>> nodes = new TreeMap<>();
            new TreeMap<>(all.answers()).forEach((node, answer) -> answer.files()
                    .forEach(file -> nodes.computeIfAbsent(file, name -> new ArrayList<>())
                            .add(node)));
            return new FileList(
                    nodes.entrySet().stream()
                            .map(entry -> new FileEntry(entry.getKey(), entry.getValue()))
                            .toList(),
                    all.silent());
        });
    }
}
