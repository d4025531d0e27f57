package dev.noir.restreaming;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Port: programs of the system. Thread: any. */
interface Programs {
    /**
     * Starts one. Blocks for a moment.
     *
     * @param command the program's path, then its arguments, which no shell sees
     */
    Program start(List<String> command) throws IOException;

    /** One that has been started. */
    interface Program {
        /** What it reads. Blocks while it does not. */
        OutputStream input();

        /** Done when it has ended, however. */
        CompletionStage<?> ended();

        /** What it has complained of since it was asked the last time. */
        String complaints();

        /** Waits for its end, and ends it when that takes longer. Blocks. */
        void awaitEnd(Duration limit);

        /** It ends now. */
        void kill();
    }
}
