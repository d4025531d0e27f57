package dev.noir.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * A stock application server on this machine's loopback, with free ports and a directory of its own, and configured by what
 * {@code config/} tells its administrators. Here is what all servers have in common, the folder of applications included.
 */
class AppServer implements AutoCloseable {
    /** A role that bob has besides what {@code config/} gives him, and that no file of the WAR knows. */
    static final String CHOIR = "choir";

    static final Duration LIMIT = Duration.ofMinutes(3);

    private static final int OTHER_REQUESTS = 16;

    // Given.
    final Instance instance;
    final JavaProcess process;
    private final Path applications;
    private final int port;
    private final int securePort;

    /** @param applications what stands in this folder of the instance is deployed, and undeployed when it has gone */
    AppServer(Instance instance, JavaProcess process, String applications, int port, int securePort) {
        this.instance = instance;
        this.process = process;
        this.applications = instance.path(applications);
        this.port = port;
        this.securePort = securePort;
    }

    /** Options for the JVM that only a test needs, in the environment, so that the server's own script stays in charge. */
    static String testOptions(Instance instance) {
        // A softly referenced loader is no leak: it goes when memory is short. Here at once.
        return "-Xcheck:jni " + JavaProcess.SHORT_LIVED + " -XX:SoftRefLRUPolicyMSPerMB=0 -Djava.io.tmpdir="
                + instance.temporaryFiles();
    }

    URI http(String path) {
        return URI.create("http://localhost:" + port + "/noir/" + path);
    }

    URI https(String path) {
        return URI.create("https://127.0.0.1:" + securePort + "/noir/" + path);
    }

    URI signalling() {
        return URI.create("ws://localhost:" + port + "/noir/ws");
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return process.get(http(path));
    }

    void awaitStarted() throws Exception {
        awaitStatus(404);
    }

    /** As an administrator does: copies the file. Returns when noiR is ready. */
    final void deploy() throws Exception {
        deploy(Path.of(NoirProcess.war()));
    }

    /** Another WAR, under the same name. */
    void deploy(Path war) throws Exception {
        Path copying = instance.path("noir.war.part");
        Files.copy(war, copying, StandardCopyOption.REPLACE_EXISTING);
        Files.move(copying, applications.resolve("noir.war"), StandardCopyOption.ATOMIC_MOVE);
        awaitStatus(200);
    }

    /** Removes the file, and returns when nothing answers any more. */
    void undeploy() throws Exception {
        startUndeploying();
        awaitUndeployed();
    }

    void startUndeploying() throws Exception {
        Files.delete(applications.resolve("noir.war"));
    }

    void awaitUndeployed() throws Exception {
        awaitStatus(404);
    }

    final void awaitStatus(int status) throws IOException, InterruptedException {
        Deadline deadline = Deadline.in(LIMIT);
        while (process.status(http("health/ready")) != status) {
            process.checkAlive();
            if (status == 200) {
                checkNotRefused();
            }
            deadline.pause(status + " from " + http("health/ready") + ", see " + process.log());
        }
    }

    /** Fails when the server has said that it does not take the application. */
    void checkNotRefused() throws IOException {}

    final void refusedWhen(String marker) throws IOException {
        Path file = applications.resolve(marker);
        if (Files.exists(file)) {
            throw new IllegalStateException("The server refused noir.war: " + Files.readString(file) + "\n" + log());
        }
    }

    /** Enough requests at once that each of its threads forgets which application it ran last. */
    final void giveOtherWork() throws GeneralSecurityException {
        HttpRequest plain = JavaProcess.request(http("").resolve("/"));
        HttpRequest secure = JavaProcess.request(https("").resolve("/"));
        HttpClient client = TrustEverybody.client();
        Stream.of(plain, secure)
                .flatMap(request -> Stream.generate(
                                () -> client.sendAsync(request, HttpResponse.BodyHandlers.discarding()))
                        .limit(OTHER_REQUESTS))
                .toList()
                .forEach(CompletableFuture::join);
    }

    /** Whether it tells of a role that web.xml does not name. */
    boolean knowsEveryRole() {
        return true;
    }

    /** Class loaders of undeployed applications that the server itself may hold on to; they must not add up. */
    int loadersKept() {
        return 0;
    }

    /** Lines of the log that must not be there after an undeployment; those about the servlet that fails on purpose may. */
    List<String> complaints() throws IOException {
        return log().lines()
                .filter(line -> !line.toLowerCase(Locale.ROOT).contains("broken")
                        && (line.contains("SEVERE")
                                || line.contains(" ERROR ")
                                || line.contains("has failed to stop it")))
                .toList();
    }

    /** What the server has logged so far. */
    final String log() throws IOException {
        return process.output();
    }

    /** Files of noiR in the temporary directory. */
    final List<String> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.walk(instance.temporaryFiles())) {
            return files.map(file -> instance.temporaryFiles().relativize(file).toString())
                    .filter(name -> name.contains("noir"))
                    .toList();
        }
    }

    @Override
    public void close() {
        try (instance) {
            process.close();
        }
    }
}
