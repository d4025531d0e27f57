package dev.noir.restreaming;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Processes. None of them outlives this. Thread: any. */
public final class FfmpegPrograms implements Programs, AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(2);
    private static final int MAX_COMPLAINTS = 64 << 10; // As much as the pipe holds.

    // State.
    private final Set<Process> alive = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    @Override
    public Program start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Redirect.PIPE)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(Redirect.PIPE);
        builder.environment().clear(); // Secrets of the server may stand in it.
        Process process;
        try {
            process = builder.start();
        } catch (IOException e) {
            throw new IOException("the program cannot be started: " + command.get(0), e);
        }
        alive.add(process);
        CompletionStage<?> ended = process.onExit().thenRun(() -> alive.remove(process));
        if (closed) {
            process.destroyForcibly();
        }
        return new Started(process, ended);
    }

    /** How many there are. */
    public int running() {
        return alive.size();
    }

    /** Ends those that are left. */
    @Override
    public void close() {
        closed = true;
        alive.forEach(Process::destroy);
        try {
            CompletableFuture.allOf(alive.stream().map(Process::onExit).toArray(CompletableFuture[]::new))
                    .get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            alive.forEach(Process::destroyForcibly);
        } catch (InterruptedException e) {
            alive.forEach(Process::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }

    /**
     * One of them.
     *
     * @param ended when it is counted no more
     */
    private record Started(Process process, CompletionStage<?> ended) implements Program {
        @Override
        public OutputStream input() {
            return process.getOutputStream();
        }

        /** As much as is there, so nobody waits. What it says at its end Java keeps for us. */
        @Override
        public String complaints() {
            InputStream said = process.getErrorStream();
            try {
                int there = Math.min(said.available(), MAX_COMPLAINTS);
                return new String(said.readNBytes(there), StandardCharsets.UTF_8);
            } catch (IOException e) {
                return ""; // It has been closed.
            }
        }

        @Override
        public void awaitEnd(Duration limit) {
            try {
                if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                    kill();
                }
            } catch (InterruptedException e) {
                kill();
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void kill() {
            process.destroyForcibly();
        }
    }
}
