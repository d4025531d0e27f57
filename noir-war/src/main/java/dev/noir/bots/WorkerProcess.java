package dev.noir.bots;

import java.io.IOException;
import java.time.Duration;

/** Port: a process that has bots, and is talked with in lines (docs/bots.md). Thread: any. */
public interface WorkerProcess {
    /** Says it soon; when it takes nothing more, it is killed. Must not block. */
    void tell(String line);

    /** It has nothing more to do, and ends by itself. Must not block. */
    void end();

    /** Must not block. */
    void kill();

    /** Waits for its end; kills it when that takes longer. */
    void awaitEnd(Duration limit);

    /** What becomes of it. Thread: one of the process's own, which may wait a little. */
    interface Listener {
        /** A line of at most 64 Ki characters; longer ones are cut off. */
        void said(String line);

        /** It is no more. The last call. */
        void ended();
    }

    /** Makes them. */
    interface Source {
        /**
         * @param name for the log
         * @throws IOException it cannot be started, for the reason that it says
         */
        WorkerProcess start(String name, Listener listener) throws IOException;
    }
}
