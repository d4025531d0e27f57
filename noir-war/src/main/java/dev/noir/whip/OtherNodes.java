package dev.noir.whip;

import java.util.concurrent.CompletionStage;

/** Port: the cluster's nodes, as far as sessions need them. Thread: any. */
public interface OtherNodes {
    /** This node's name. */
    String self();

    boolean isAlive(String node);

    /** The node's answer, or a {@link dev.noir.room.RoomException}. */
    CompletionStage<String> ask(String node, String question);
}
