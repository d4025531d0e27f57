package dev.noir.it;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Payara Micro 6 or 7: one process with noiR in it from the start, which ends with it. */
final class PayaraMicroProcess extends AppServer {

    private PayaraMicroProcess(Instance instance, JavaProcess process, int port, int securePort) {
        super(instance, process, "", port, securePort);
    }

    /** @param javaHome the JDK to run on */
    static PayaraMicroProcess start(Distribution distribution, Path javaHome) throws Exception {
        Instance instance = new Instance("payara-micro");
        instance.folder("root");
        instance.install("payara/keyfile", "root/config/keyfile", Map.of());
        int port = Instance.freePort();
        int securePort = Instance.freePort();
        JavaProcess process = JavaProcess.launch(
                "payara-micro",
                List.of(
                        javaHome.resolve("bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dnoir.media.port=0",
                        "-Dnoir.media.loops=1",
                        "-jar",
                        distribution.archive().toString(),
                        "--nocluster",
                        "--rootDir",
                        instance.path("root").toString(),
                        "--port",
                        Integer.toString(port),
                        "--sslPort",
                        Integer.toString(securePort),
                        "--deploy",
                        Path.of(NoirProcess.war()).toAbsolutePath().normalize().toString()),
                Map.of("JAVA_TOOL_OPTIONS", testOptions(instance)));
        return new PayaraMicroProcess(instance, process, port, securePort);
    }

    @Override
    void awaitStarted() throws Exception {
        awaitStatus(200);
    }

    @Override
    void deploy(Path war) throws Exception {
        awaitStatus(200);
    }

    @Override
    void startUndeploying() {
        process.terminate();
    }

    @Override
    void awaitUndeployed() throws Exception {
        process.awaitExit();
    }
}
