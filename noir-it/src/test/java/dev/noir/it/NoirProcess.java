package dev.noir.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One {@code java -jar noir.war} on free ports, ready when {@link #start} returns, gone after {@link #close}. */
final class NoirProcess implements AutoCloseable {
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final Pattern PAGES = Pattern.compile("pages +http://localhost:(\\d+)/");
    private static final Pattern SIGNALLING = Pattern.compile("signalling +ws://localhost:(\\d+)/ws");

    private static final Pattern HEALTH = Pattern.compile("health +http://localhost:(\\d+)/");

    private final JavaProcess process;

    private NoirProcess(JavaProcess process) {
        this.process = process;
    }

    /** Options as on the command line, for example {@code -Dnoir.media.loops=1}. They win over the free ports set here. */
    static NoirProcess start(String... options) throws IOException, InterruptedException {
        return start(Path.of(war()), options);
    }

    /** Another WAR than the one packed last. */
    static NoirProcess start(Path war, String... options) throws IOException, InterruptedException {
        return ready(launch(war, options));
    }

    /** What a container image has in it, as its engine would start it. */
    static NoirProcess start(Image image, String... options) throws IOException, InterruptedException {
        return ready(new NoirProcess(image.start("image", withPorts(options))));
    }

    private static NoirProcess ready(NoirProcess noir) throws IOException, InterruptedException {
        try {
            noir.awaitReady();
        } catch (IOException | InterruptedException | RuntimeException | AssertionError e) {
            noir.close();
            throw e;
        }
        return noir;
    }

    /** Starts and does not wait: for tests of a start that fails. */
    static NoirProcess launch(String... options) throws IOException {
        return launch(Path.of(war()), options);
    }

    private static NoirProcess launch(Path war, String... options) throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.add("-jar");
        arguments.add(war.toString());
        arguments.addAll(withPorts(options));
        return new NoirProcess(JavaProcess.launch("noir", arguments));
    }

    /** Free ones, which the options may change. */
    private static List<String> withPorts(String... options) {
        List<String> all = new ArrayList<>(List.of("-Dnoir.http.ports=0,0", "-Dnoir.media.port=0"));
        all.addAll(List.of(options));
        return all;
    }

    static String war() {
        return System.getProperty("noir.war", "../noir-war/target/noir.war");
    }

    /** A page or other resource, such as {@code health/ready}. */
    URI http(String path) throws IOException {
        return URI.create("http://localhost:" + port(PAGES) + "/" + path);
    }

    URI signalling() throws IOException {
        return URI.create("ws://localhost:" + port(SIGNALLING) + "/ws");
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return process.get(http(path));
    }

    /** The status of an answer by the port for health, which must have been set. */
    int getHealth(String path) throws IOException, InterruptedException {
        return process.get(URI.create("http://localhost:" + port(HEALTH) + "/" + path))
                .statusCode();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Everything printed so far. */
    String output() throws IOException {
        return process.output();
    }

    /** SIGTERM, and no waiting. */
    void terminate() {
        process.terminate();
    }

    /** SIGTERM; the exit code. */
    int stop() throws InterruptedException {
        return process.stop();
    }

    int awaitExit() throws InterruptedException {
        return process.awaitExit();
    }

    /** As a crash: no chance to clean up. */
    void kill() throws InterruptedException {
        process.kill();
    }

    @Override
    public void close() {
        process.close();
    }

    private void awaitReady() throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(READY_LIMIT);
        while (!SIGNALLING.matcher(output()).find()) {
            process.checkAlive();
            deadline.pause("noiR to print its ports:\n" + output());
        }
        process.awaitStatus(http("health/ready"), 200, READY_LIMIT);
    }

    private int port(Pattern line) throws IOException {
        Matcher matcher = line.matcher(output());
        if (!matcher.find()) {
            throw new IllegalStateException("noiR has not printed its ports:\n" + output());
        }
        return Integer.parseInt(matcher.group(1));
    }
}
