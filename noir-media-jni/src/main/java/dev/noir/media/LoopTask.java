package dev.noir.media;

/** Something to do on the loop thread. An exception it throws is logged and does not end the loop. Thread: loop. */
@FunctionalInterface
public interface LoopTask {

    void execute(LoopCommands commands);
}
