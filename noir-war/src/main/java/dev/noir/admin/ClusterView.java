package dev.noir.admin;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Port: the nodes there are, and what they can be asked. Thread: any. */
public interface ClusterView {
    /** This one's id. */
    String self();

    /** Those that are alive, this one included. */
    List<NodeCommands.NodeEntry> nodes();

    /**
     * What the node's own {@link NodeCalls#answer} has answered. Never blocks.
     *
     * @return fails with a {@link dev.noir.room.RoomException} when the node does not answer in time
     */
    CompletionStage<String> ask(String node, String question);
}
