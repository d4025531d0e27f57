package dev.noir.it;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Open Liberty with the features that {@code config/liberty/server.xml} names, started by its {@code server run}. */
final class LibertyProcess extends AppServer {
    private static final String SERVER = "servers/noir/";

    private LibertyProcess(Instance instance, JavaProcess process, int port, int securePort) {
        super(instance, process, SERVER + "dropins", port, securePort);
    }

    static LibertyProcess start(Distribution distribution) throws Exception {
        Path home = distribution.home();
        Instance instance = new Instance("liberty");
        instance.folder(SERVER + "dropins");
        instance.folder(SERVER + "resources/security");
        int port = Instance.freePort();
        int securePort = Instance.freePort();
        instance.install(
                "liberty/server.xml",
                SERVER + "server.xml",
                Map.of(
                        "host=\"*\"",
                        "host=\"localhost\"",
                        "httpPort=\"9080\"",
                        "httpPort=\"" + port + "\"",
                        "<group name=\"noir-moderator\">",
                        "<group name=\"" + CHOIR + "\"><member name=\"bob\"/></group><group name=\"noir-moderator\">",
                        "httpsPort=\"9443\"",
                        "httpsPort=\"" + securePort + "\""));
        instance.install(
                "liberty/jvm.options",
                SERVER + "jvm.options",
                Map.of("noir.media.port=5000", "noir.media.port=0\n-Dnoir.media.loops=1"));
        instance.keyStore(SERVER + "resources/security/noir.p12");
        JavaProcess process = JavaProcess.launch(
                "liberty",
                List.of(home.resolve("bin/server").toString(), "run", "noir"),
                Map.of("WLP_USER_DIR", instance.path("").toString(), "JAVA_TOOL_OPTIONS", testOptions(instance)));
        return new LibertyProcess(instance, process, port, securePort);
    }

    /** Only of those that web.xml names. */
    @Override
    boolean knowsEveryRole() {
        return false;
    }

    /** By its threads, which remember the HTTP session they served last; for each WebSocket it makes one. */
    @Override
    int loadersKept() {
        return 3;
    }
}
