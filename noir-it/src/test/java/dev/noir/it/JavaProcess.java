package dev.noir.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A JVM under test, gone after {@link #close}. What it prints goes to {@code target/logs}. */
final class JavaProcess implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final Process process;
    private final Path log;
    private final HttpClient http = HttpClient.newHttpClient();

    private JavaProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static JavaProcess launch(String name, List<String> arguments) throws IOException {
        Path logs = Files.createDirectories(Path.of(System.getProperty("noir.it.logs", "target/logs")));
        Path log = logs.resolve(name + "-" + NUMBER.incrementAndGet() + ".log");
        List<String> command = new ArrayList<>();
        command.add(tool("java"));
        command.add("-Xcheck:jni");
        command.addAll(arguments);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new JavaProcess(process, log);
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Everything printed so far. */
    String output() throws IOException {
        return Files.readString(log);
    }

    HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Fails at once when the process has ended: a dead one will not become what is waited for. */
    void checkAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IllegalStateException("It ended with " + process.exitValue() + ":\n" + output());
        }
    }

    /** Waits for a status code; no connection counts as 0. */
    void awaitStatus(URI uri, int status, Duration limit) throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(limit);
        while (status(uri) != status) {
            checkAlive();
            deadline.pause(status + " from " + uri + ", see " + log);
        }
    }

    /** What a tool of the JDK says about this process, such as {@code jcmd} with {@code Thread.print}. */
    String jcmd(String command) throws IOException, InterruptedException {
        Process jcmd = new ProcessBuilder(tool("jcmd"), Long.toString(pid()), command)
                .redirectErrorStream(true)
                .start();
        String printed = new String(jcmd.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        jcmd.waitFor();
        return printed;
    }

    /** SIGTERM; the exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        return awaitExit();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("It did not end within " + STOP_LIMIT + ", see " + log);
        }
        return process.exitValue();
    }

    /** As a crash: no chance to clean up. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        awaitExit();
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private int status(URI uri) throws InterruptedException {
        try {
            return get(uri).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }
}
