package dev.noir.it;

import dev.noir.fixture.ServerCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Tomcat 10.1 or 11, started by its {@code catalina.sh}. */
final class TomcatProcess extends AppServer {

    private TomcatProcess(Instance instance, JavaProcess process, int port, int securePort) {
        super(instance, process, "webapps", port, securePort);
    }

    static TomcatProcess start(Distribution distribution) throws Exception {
        return start(
                distribution,
                Instance.template(
                        "tomcat/tomcat-users.xml", Map.of("roles=\"noir-user\"", "roles=\"noir-user," + CHOIR + "\"")),
                "");
    }

    /**
     * @param users elements of tomcat-users.xml
     * @param options of the JVM
     */
    static TomcatProcess start(Distribution distribution, String users, String options) throws Exception {
        Path home = distribution.home();
        Instance instance = new Instance("tomcat");
        instance.copy(home.resolve("conf"), "conf");
        for (String folder : List.of("bin", "logs", "webapps", "work")) {
            instance.folder(folder);
        }
        int port = Instance.freePort();
        int securePort = Instance.freePort();
        instance.edit("conf/server.xml", serverXml(instance, port, securePort));
        instance.edit("conf/tomcat-users.xml", Map.of("</tomcat-users>", users + "</tomcat-users>"));
        instance.install(
                "tomcat/setenv.sh",
                "bin/setenv.sh",
                Map.of("noir.media.port=5000", "noir.media.port=0 -Dnoir.media.loops=1"));
        JavaProcess process = JavaProcess.launch(
                "tomcat",
                List.of(home.resolve("bin/catalina.sh").toString(), "run"),
                Map.of(
                        "CATALINA_BASE",
                        instance.path("").toString(),
                        "CATALINA_TMPDIR",
                        instance.temporaryFiles().toString(),
                        "CATALINA_OPTS",
                        options,
                        "JAVA_TOOL_OPTIONS",
                        testOptions(instance)));
        return new TomcatProcess(instance, process, port, securePort);
    }

    /** The stock one with other ports and what config/tomcat/server.xml says, looking for changes every second. */
    private static Map<String, String> serverXml(Instance instance, int port, int securePort) throws IOException {
        ServerCertificate certificate = ServerCertificate.make(instance.path("conf"));
        return Map.of(
                "<Server port=\"8005\"",
                "<Server port=\"-1\"",
                "<Connector port=\"8080\"",
                "<Connector address=\"127.0.0.1\" port=\"" + port + "\"",
                "<Engine name=\"Catalina\"",
                "<Engine backgroundProcessorDelay=\"1\" name=\"Catalina\"",
                "</Service>",
                Instance.template(
                                "tomcat/server.xml",
                                Map.of(
                                        "port=\"8443\"",
                                        "address=\"127.0.0.1\" port=\"" + securePort + "\"",
                                        "conf/cert.pem",
                                        certificate.file(),
                                        "conf/key.pem",
                                        certificate.keyFile()))
                        + "</Service>");
    }

    /**
     * By its worker threads, on Java 17: one that is made while noiR sends something refers to noiR's code
     * ({@code inheritedAccessControlContext}), and so does the one that takes its place.
     */
    @Override
    int loadersKept() {
        return 1;
    }

    @Override
    void awaitUndeployed() throws Exception {
        super.awaitUndeployed();
        Deadline.await("Tomcat to delete what it unpacked", LIMIT, () -> !Files.exists(instance.path("webapps/noir")));
    }
}
