package dev.noir.it;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** WildFly with its {@code standalone.xml}, started by its {@code standalone.sh}. */
final class WildflyProcess extends AppServer {
    private static final String CONFIGURATION = "standalone/configuration";
    private static final Pattern MANAGEMENT = Pattern.compile("WFLYSRV0060: .* on http://([^/]+)/management");

    private final Path home;

    private WildflyProcess(Path home, Instance instance, JavaProcess process, int port, int securePort) {
        super(instance, process, "standalone/deployments", port, securePort);
        this.home = home;
    }

    /** Has the running server do it, such as {@code :suspend}. */
    void command(String command) throws IOException, InterruptedException {
        Matcher listening = MANAGEMENT.matcher(process.output());
        if (!listening.find()) {
            throw new IllegalStateException("It has not said where it is managed:\n" + process.output());
        }
        commandLine(home, instance, "--connect", "--controller=" + listening.group(1), command);
    }

    static WildflyProcess start(Distribution distribution) throws Exception {
        Path home = distribution.home();
        Instance instance = new Instance("wildfly");
        instance.copy(home.resolve(CONFIGURATION), CONFIGURATION);
        instance.folder("standalone/deployments");
        for (String realm : List.of("application-users.properties", "application-roles.properties")) {
            instance.append("wildfly/" + realm, CONFIGURATION + "/" + realm);
        }
        instance.edit(
                CONFIGURATION + "/application-roles.properties", Map.of("bob=noir-user", "bob=noir-user," + CHOIR));
        // It looks for new files every 5 s.
        instance.edit(CONFIGURATION + "/standalone.xml", Map.of("scan-interval=\"5000\"", "scan-interval=\"500\""));
        instance.write(
                "standalone.conf",
                Files.readString(home.resolve("bin/standalone.conf"))
                        + Instance.template(
                                "wildfly/standalone.conf",
                                Map.of("noir.media.port=5000", "noir.media.port=0 -Dnoir.media.loops=1")));
        configureTls(home, instance);
        return launch(home, instance);
    }

    private static WildflyProcess launch(Path home, Instance instance) throws IOException {
        int port = Instance.freePort();
        int securePort = Instance.freePort();
        JavaProcess process = JavaProcess.launch(
                "wildfly",
                List.of(
                        home.resolve("bin/standalone.sh").toString(),
                        "-Djboss.http.port=" + port,
                        "-Djboss.https.port=" + securePort,
                        "-Djboss.management.http.port=0",
                        "-Djboss.management.https.port=0"),
                Map.of(
                        "JBOSS_HOME",
                        home.toString(),
                        "JBOSS_BASE_DIR",
                        instance.path("standalone").toString(),
                        "RUN_CONF",
                        instance.path("standalone.conf").toString(),
                        "JAVA_TOOL_OPTIONS",
                        testOptions(instance)));
        return new WildflyProcess(home, instance, process, port, securePort);
    }

    /** By its command line, with the server stopped, as config/wildfly/noir.cli says. */
    private static void configureTls(Path home, Instance instance) throws IOException, InterruptedException {
        instance.keyStore(CONFIGURATION + "/noir.p12");
        instance.install("wildfly/noir.cli", "noir.cli", Map.of());
        commandLine(home, instance, "--file=" + instance.path("noir.cli"));
    }

    private static void commandLine(Path home, Instance instance, String... arguments)
            throws IOException, InterruptedException {
        List<String> whole =
                new ArrayList<>(List.of(home.resolve("bin/jboss-cli.sh").toString()));
        whole.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(whole).redirectErrorStream(true);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment()
                .put("JAVA_OPTS", JavaProcess.SHORT_LIVED + " -Djboss.server.base.dir=" + instance.path("standalone"));
        Process cli = builder.start();
        String printed = new String(cli.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (cli.waitFor() != 0) {
            throw new IllegalStateException("jboss-cli.sh failed:\n" + printed);
        }
    }

    /** By the worker threads that it keeps when they are idle (task-core-threads): they remember whom they ran for last. */
    @Override
    int loadersKept() {
        return 2;
    }

    @Override
    void checkNotRefused() throws IOException {
        refusedWhen("noir.war.failed");
    }

    @Override
    void awaitUndeployed() throws Exception {
        super.awaitUndeployed();
        Path marker = instance.path("standalone/deployments/noir.war.undeployed");
        Deadline.await("WildFly to say that it has undeployed", LIMIT, () -> Files.exists(marker));
        Files.delete(marker);
    }
}
