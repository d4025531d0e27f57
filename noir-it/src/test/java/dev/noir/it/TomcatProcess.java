package dev.noir.it;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A stock Tomcat as Maven unpacked it, with an instance directory and a free port of its own. */
final class TomcatProcess implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final JavaProcess process;
    private final Path webapps;
    private final int port;

    private TomcatProcess(JavaProcess process, Path webapps, int port) {
        this.process = process;
        this.webapps = webapps;
        this.port = port;
    }

    static TomcatProcess start(String version) throws IOException {
        return start(version, "", List.of());
    }

    /**
     * @param users elements of tomcat-users.xml
     * @param options of the JVM
     */
    static TomcatProcess start(String version, String users, List<String> options) throws IOException {
        Path tomcats = Path.of(System.getProperty("noir.it.tomcats", "target/tomcats"));
        Path home = tomcats.resolve("apache-tomcat-" + version).toAbsolutePath();
        Path base = Files.createTempDirectory(tomcats, "base-" + version + "-").toAbsolutePath();
        for (String folder : List.of("conf", "logs", "temp", "webapps", "work")) {
            Files.createDirectory(base.resolve(folder));
        }
        try (Stream<Path> files = Files.list(home.resolve("conf"))) {
            for (Path file : files.toList()) {
                Files.copy(file, base.resolve("conf").resolve(file.getFileName()));
            }
        }
        int port = freePort();
        Files.writeString(base.resolve("conf/server.xml"), serverXml(port));
        if (!users.isEmpty()) {
            Files.writeString(
                    base.resolve("conf/tomcat-users.xml"),
                    "<tomcat-users xmlns=\"http://tomcat.apache.org/xml\" version=\"1.0\">" + users
                            + "</tomcat-users>");
        }
        List<String> arguments = new ArrayList<>(options);
        arguments.addAll(List.of(
                "-cp",
                home.resolve("bin/bootstrap.jar") + ":" + home.resolve("bin/tomcat-juli.jar"),
                "-Dcatalina.home=" + home,
                "-Dcatalina.base=" + base,
                "-Djava.io.tmpdir=" + base.resolve("temp"),
                "-Djava.util.logging.manager=org.apache.juli.ClassLoaderLogManager",
                "-Djava.util.logging.config.file=" + base.resolve("conf/logging.properties"),
                // A softly referenced loader is no leak: it goes when memory is short. Here at once.
                "-XX:SoftRefLRUPolicyMSPerMB=0",
                "-Dnoir.media.port=0",
                "-Dnoir.media.loops=1",
                "org.apache.catalina.startup.Bootstrap",
                "start"));
        JavaProcess process = JavaProcess.launch("tomcat-" + version, arguments);
        return new TomcatProcess(process, base.resolve("webapps"), port);
    }

    JavaProcess process() {
        return process;
    }

    /** Files that noiR and Tomcat have put aside, below this instance's own temporary directory. */
    Path temporaryFiles() {
        return webapps.resolveSibling("temp");
    }

    URI signalling() {
        return URI.create("ws://localhost:" + port + "/noir/ws");
    }

    URI http(String path) {
        return URI.create("http://localhost:" + port + "/noir/" + path);
    }

    /** As an administrator does: copies the file, and Tomcat finds it. Returns when noiR is ready. */
    void deploy() throws IOException, InterruptedException {
        deploy(Path.of(NoirProcess.war()));
    }

    void deploy(Path war) throws IOException, InterruptedException {
        Path copying = webapps.resolveSibling("noir.war.part");
        Files.copy(war, copying, StandardCopyOption.REPLACE_EXISTING);
        Files.move(copying, webapps.resolve("noir.war"), StandardCopyOption.ATOMIC_MOVE);
        process.awaitStatus(http("health/ready"), 200, LIMIT);
    }

    void undeploy() throws IOException, InterruptedException {
        Files.delete(webapps.resolve("noir.war"));
        process.awaitStatus(http("health/ready"), 404, LIMIT);
        Deadline deadline = Deadline.in(LIMIT);
        while (Files.exists(webapps.resolve("noir"))) {
            deadline.pause("Tomcat to delete what it unpacked");
        }
    }

    @Override
    public void close() {
        process.close();
    }

    /** Tomcat's own, less the ports it does not need here, and looking for changes every second. */
    private static String serverXml(int port) {
        return """
                <Server port="-1">
                  <Listener className="org.apache.catalina.core.JreMemoryLeakPreventionListener"/>
                  <Listener className="org.apache.catalina.core.ThreadLocalLeakPreventionListener"/>
                  <GlobalNamingResources>
                    <Resource name="UserDatabase" auth="Container" type="org.apache.catalina.UserDatabase"
                              factory="org.apache.catalina.users.MemoryUserDatabaseFactory" pathname="conf/tomcat-users.xml"/>
                  </GlobalNamingResources>
                  <Service name="Catalina">
                    <Connector port="%d" address="127.0.0.1"/>
                    <Engine name="Catalina" defaultHost="localhost" backgroundProcessorDelay="1">
                      <Realm className="org.apache.catalina.realm.UserDatabaseRealm" resourceName="UserDatabase"/>
                      <Host name="localhost" appBase="webapps" unpackWARs="true" autoDeploy="true"/>
                    </Engine>
                  </Service>
                </Server>
                """
                .formatted(port);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
