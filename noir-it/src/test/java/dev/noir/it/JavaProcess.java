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
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A JVM under test, gone after {@link #close}. What it prints goes to {@code target/logs}. */
final class JavaProcess implements AutoCloseable {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    /** What a JVM of a minute's life compiles best is never paid back: a third of what a start costs. */
    static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1";

    private final Process process;
    private final Path log;
    private final boolean direct; // It is the JVM; what that starts is no part of it.
    // Not 2, whose offer needs the Connection header for itself.
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private JavaProcess(Process process, Path log, boolean direct) {
        this.process = process;
        this.direct = direct;
        this.log = log;
    }

    /** Where who runs the tests wants such files to be; a JVM does not know that variable. */
    static Path temporaryFiles() {
        return Path.of(System.getenv().getOrDefault("TMPDIR", System.getProperty("java.io.tmpdir")));
    }

    static JavaProcess launch(String name, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(tool("java"));
        command.add("-Xcheck:jni");
        command.add(SHORT_LIVED);
        command.add("-Djava.io.tmpdir=" + temporaryFiles());
        command.addAll(arguments);
        return launch(name, command, Map.of(), true);
    }

    /** Whatever starts a JVM in the end, and stays until that has ended. It finds the tests' own JDK in JAVA_HOME. */
    static JavaProcess launch(String name, List<String> command, Map<String, String> environment) throws IOException {
        return launch(name, command, environment, false);
    }

    private static JavaProcess launch(
            String name, List<String> command, Map<String, String> environment, boolean direct) throws IOException {
        Path logs = Files.createDirectories(Path.of(System.getProperty("noir.it.logs", "target/logs")));
        Path log = logs.resolve(name + "-" + NUMBER.incrementAndGet() + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return new JavaProcess(builder.start(), log, direct);
    }

    /** Of the JVM, which a start script may stand in front of. */
    long pid() {
        return jvm().pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Everything printed so far. */
    String output() throws IOException {
        return Files.readString(log);
    }

    /** Where that is. */
    Path log() {
        return log;
    }

    HttpResponse<String> get(URI uri) throws IOException, InterruptedException {
        return http.send(request(uri), HttpResponse.BodyHandlers.ofString());
    }

    /** With a connection of its own: some servers remember the application that an open one was used for last. */
    static HttpRequest request(URI uri) {
        return HttpRequest.newBuilder(uri).header("Connection", "close").build();
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
    String jcmd(String... command) throws IOException, InterruptedException {
        List<String> whole = new ArrayList<>(List.of(tool("jcmd"), Long.toString(pid())));
        whole.addAll(List.of(command));
        Process jcmd = new ProcessBuilder(whole).redirectErrorStream(true).start();
        String printed = new String(jcmd.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        jcmd.waitFor();
        return printed;
    }

    /** SIGTERM, and no waiting. */
    void terminate() {
        jvm().destroy();
    }

    /** SIGTERM; the exit code. */
    int stop() throws InterruptedException {
        terminate();
        return awaitExit();
    }

    int awaitExit() throws InterruptedException {
        if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            destroyForcibly();
            throw new IllegalStateException("It did not end within " + STOP_LIMIT + ", see " + log);
        }
        return process.exitValue();
    }

    /** As a crash: no chance to clean up. */
    void kill() throws InterruptedException {
        destroyForcibly();
        awaitExit();
    }

    @Override
    public void close() {
        try {
            stop();
        } catch (InterruptedException e) {
            destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** 0 when there is no connection. */
    int status(URI uri) throws InterruptedException {
        try {
            return get(uri).statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    private void destroyForcibly() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Of those that noiR in it has started, the ones that are there. */
    Stream<ProcessHandle> bots() {
        return process.descendants().filter(handle -> isJava(handle) && isBot(handle));
    }

    /** The last in the chain: a JVM may have been started by another one. */
    private ProcessHandle jvm() {
        if (direct) {
            return process.toHandle();
        }
        return process.descendants()
                .filter(JavaProcess::isServer)
                .filter(handle -> handle.children().noneMatch(JavaProcess::isServer))
                .findFirst()
                .orElseGet(process::toHandle);
    }

    private static boolean isServer(ProcessHandle handle) {
        return isJava(handle) && !isBot(handle);
    }

    private static boolean isBot(ProcessHandle handle) {
        return Stream.of(handle.info().arguments().orElse(new String[0])).anyMatch(BotProcess.jar()::equals);
    }

    private static boolean isJava(ProcessHandle handle) {
        return handle.info().command().filter(path -> path.endsWith("/java")).isPresent();
    }

    static String tool(String name) {
        return Path.of(System.getProperty("java.home"), "bin", name).toString();
    }
}
