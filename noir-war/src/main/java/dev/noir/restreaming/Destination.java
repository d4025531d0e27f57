package dev.noir.restreaming;

import dev.noir.recording.Part;
import java.io.IOException;
import java.util.List;

/** Where a stream goes, and what a program has to be told to bring it there. Thread: any. */
interface Destination {
    /**
     * The program and its arguments for tracks of these kinds. Blocks.
     *
     * @throws RefusedException when it can't be brought there, and never will
     * @throws IOException when it can't now
     */
    List<String> command(List<Part.Slot> slots) throws IOException;

    /** What the program has said, without anything that is secret. */
    String masked(String text);
}
