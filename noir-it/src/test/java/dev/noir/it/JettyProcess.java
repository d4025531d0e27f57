package dev.noir.it;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Jetty 12 with the modules that {@code config/jetty/noir.ini} names. */
final class JettyProcess extends AppServer {

    private JettyProcess(Instance instance, JavaProcess process, int port, int securePort) {
        super(instance, process, "webapps", port, securePort);
    }

    static JettyProcess start(Distribution distribution) throws Exception {
        Path home = distribution.home();
        Instance instance = new Instance("jetty");
        for (String folder : List.of("webapps", "resources")) {
            instance.folder(folder);
        }
        int port = Instance.freePort();
        int securePort = Instance.freePort();
        instance.install("jetty/noir.ini", "start.d/noir.ini", ports(port, securePort));
        // It looks for new files every 10 s.
        instance.write(
                "start.d/a-test.ini",
                "jetty.deploy.scanInterval=1\njetty.http.host=127.0.0.1\njetty.ssl.host=127.0.0.1\n");
        instance.install("jetty/noir-realm.xml", "etc/noir-realm.xml", Map.of());
        instance.install(
                "jetty/noir-realm.properties",
                "etc/noir-realm.properties",
                Map.of("change-me-bob,noir-user", "change-me-bob,noir-user," + CHOIR));
        instance.keyStore("etc/noir.p12");
        JavaProcess process = JavaProcess.launch(
                "jetty",
                List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-jar",
                        home.resolve("start.jar").toString(),
                        "jetty.base=" + instance.path("")),
                Map.of("JAVA_TOOL_OPTIONS", testOptions(instance)));
        return new JettyProcess(instance, process, port, securePort);
    }

    private static Map<String, String> ports(int port, int securePort) {
        return Map.of(
                "jetty.http.port=8080",
                "jetty.http.port=" + port,
                "jetty.ssl.port=8443",
                "jetty.ssl.port=" + securePort,
                "-Dnoir.media.port=5000",
                "-Dnoir.media.port=0\n-Dnoir.media.loops=1");
    }
}
