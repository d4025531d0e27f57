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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One {@code java -jar noir.war} on free ports, ready when {@link #start} returns, gone after {@link #close}. What it
 * prints goes to {@code target/logs}.
 */
final class NoirProcess implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
    private static final Pattern PAGES = Pattern.compile("pages +http://localhost:(\\d+)/");
    private static final Pattern SIGNALLING = Pattern.compile("signalling +ws://localhost:(\\d+)/ws");

    private final Process process;
    private final Path log;
    private final HttpClient http = HttpClient.newHttpClient();

    private NoirProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Options as on the command line, for example {@code -Dnoir.media.loops=1}. They win over the free ports set here. */
    static NoirProcess start(String... options) throws IOException, InterruptedException {
        NoirProcess noir = launch(options);
        try {
            noir.awaitReady();
        } catch (IOException | InterruptedException | RuntimeException e) {
            noir.close();
            throw e;
        }
        return noir;
    }

    /** Starts and does not wait: for tests of a start that fails. */
    static NoirProcess launch(String... options) throws IOException {
        Path logs = Files.createDirectories(Path.of(System.getProperty("noir.it.logs", "target/logs")));
        Path log = logs.resolve("noir-" + NUMBER.incrementAndGet() + ".log");
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xcheck:jni");
        command.add("-jar");
        command.add(System.getProperty("noir.war", "../noir-war/target/noir.war"));
        command.add("-Dnoir.http.ports=0,0");
        command.add("-Dnoir.media.port=0");
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new NoirProcess(process, log);
    }

    /** A page or other resource, such as {@code health/ready}. */
    URI http(String path) throws IOException {
        return URI.create("http://localhost:" + port(PAGES) + "/" + path);
    }

    URI signalling() throws IOException {
        return URI.create("ws://localhost:" + port(SIGNALLING) + "/ws");
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

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(http(path)).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** SIGTERM; the exit code. */
    int stop() throws InterruptedException {
        process.destroy();
        return awaitExit();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("noiR did not end within " + STOP_LIMIT + ", see " + log);
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

    private void awaitReady() throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(READY_LIMIT);
        while (true) {
            if (!process.isAlive()) {
                throw new IllegalStateException("noiR ended with " + process.exitValue() + ":\n" + output());
            }
            if (SIGNALLING.matcher(output()).find() && get("health/ready").statusCode() == 200) {
                return;
            }
            deadline.pause("noiR to be ready, see " + log);
        }
    }

    private int port(Pattern line) throws IOException {
        Matcher matcher = line.matcher(output());
        if (!matcher.find()) {
            throw new IllegalStateException("noiR has not printed its ports, see " + log);
        }
        return Integer.parseInt(matcher.group(1));
    }
}
