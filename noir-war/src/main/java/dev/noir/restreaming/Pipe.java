package dev.noir.restreaming;

import dev.noir.room.Scheduler;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;

/** What a program reads, with a look at how long it has not. Thread: one at a time writes; any looks. */
final class Pipe extends OutputStream {
    // Given.
    private final OutputStream to;
    private final Scheduler scheduler;
    private final Runnable closing;

    // State. Nanoseconds of the scheduler; 0: nobody waits.
    private volatile long since;

    /** @param closing told before it closes: what comes of the program then is its end */
    Pipe(OutputStream to, Scheduler scheduler, Runnable closing) {
        this.to = to;
        this.scheduler = scheduler;
        this.closing = closing;
    }

    /** For how long somebody has been waiting for the program to read. */
    Duration stalled() {
        long begun = since;
        return begun == 0 ? Duration.ZERO : Duration.ofNanos(scheduler.nanoTime() - begun);
    }

    private interface Step {
        void run() throws IOException;
    }

    private void waiting(Step step) throws IOException {
        since = scheduler.nanoTime() | 1;
        try {
            step.run();
        } finally {
            since = 0;
        }
    }

    @Override
    public void write(int octet) throws IOException {
        waiting(() -> to.write(octet));
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        waiting(() -> to.write(bytes, offset, length));
    }

    @Override
    public void flush() throws IOException {
        waiting(to::flush);
    }

    @Override
    public void close() throws IOException {
        closing.run();
        waiting(to::close);
    }
}
