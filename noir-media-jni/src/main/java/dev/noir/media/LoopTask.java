package dev.noir.media;

/** Something to do on the loop thread. An exception it throws is logged and does not end the loop. Thread: loop. */
@FunctionalInterface
public interface LoopTask {

    void execute(LoopCommands commands);

    /** How many ordinary tasks it takes as long as; a turn of the loop does a limited number. */
    default int weight() {
        return 1;
    }
}
