package dev.noir.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Payara Server 6 or 7 with its {@code domain1}, started by its {@code asadmin}. */
final class PayaraProcess extends AppServer {

    private PayaraProcess(Instance instance, JavaProcess process, int port, int securePort) {
        super(instance, process, "domain1/autodeploy", port, securePort);
    }

    /** @param javaHome the JDK to run on */
    static PayaraProcess start(Distribution distribution, Path javaHome) throws Exception {
        Path home = distribution.home();
        Instance instance = new Instance("payara");
        instance.copy(home.resolve("glassfish/domains/domain1"), "domain1");
        instance.folder("domain1/autodeploy");
        int port = Instance.freePort();
        int securePort = Instance.freePort();
        instance.edit("domain1/config/domain.xml", domainXml(port, securePort));
        instance.append("payara/keyfile", "domain1/config/keyfile");
        instance.edit("domain1/config/keyfile", Map.of("==;noir-user\n", "==;noir-user," + CHOIR + "\n"));
        JavaProcess process = JavaProcess.launch(
                "payara",
                List.of(
                        home.resolve("bin/asadmin").toString(),
                        "start-domain",
                        "--verbose",
                        "--domaindir",
                        instance.path("").toString(),
                        "domain1"),
                Map.of(
                        "JAVA_HOME",
                        javaHome.toString(),
                        "AS_JAVA",
                        javaHome.toString(),
                        "JAVA_TOOL_OPTIONS",
                        testOptions(instance)));
        return new PayaraProcess(instance, process, port, securePort);
    }

    /** The stock one with what config/payara/domain.xml says, free ports, and without looking for other Payaras. */
    private static Map<String, String> domainXml(int port, int securePort) throws IOException {
        Map<String, String> changes = new LinkedHashMap<>();
        String listener = "<network-listener address=\"127.0.0.1\" port=\"";
        changes.put("<network-listener port=\"8080\"", listener + port + "\"");
        changes.put("<network-listener port=\"8181\"", listener + securePort + "\"");
        changes.put("<network-listener port=\"4848\"", listener + Instance.freePort() + "\"");
        for (String other : List.of("3700", "3820", "3920", "8686")) {
            changes.put(
                    "address=\"0.0.0.0\" port=\"" + other + "\"",
                    "address=\"127.0.0.1\" port=\"" + Instance.freePort() + "\"");
        }
        changes.put("-Dosgi.shell.telnet.port=6666", "-Dosgi.shell.telnet.port=" + Instance.freePort());
        changes.put(
                "name=\"JMS_PROVIDER_PORT\" value=\"7676\"",
                "name=\"JMS_PROVIDER_PORT\" value=\"" + Instance.freePort() + "\"");
        changes.put(
                "<hazelcast-config-specific-configuration></hazelcast-config-specific-configuration>",
                "<hazelcast-config-specific-configuration enabled=\"false\"/>");
        String http = "<http default-virtual-server=\"server\" max-connections=\"250\"";
        changes.put(http + ">", http + " server-header=\"false\" xpowered-by=\"false\">");
        String settings = Instance.template(
                "payara/domain.xml",
                Map.of(
                        "name=\"noir.media.port\" value=\"5000\"/>",
                        "name=\"noir.media.port\" value=\"0\"/><system-property name=\"noir.media.loops\" value=\"1\"/>"));
        changes.put("</server>", settings + "</server>");
        return changes;
    }

    /** Its other listeners come up when that for HTTP answers already. */
    @Override
    void awaitStarted() throws Exception {
        super.awaitStarted();
        Deadline.await("Payara to say that it has started", LIMIT, () -> log().contains(" startup time : "));
    }

    /** Only of those that glassfish-web.xml maps. */
    @Override
    boolean knowsEveryRole() {
        return false;
    }

    /** By its five threads for HTTP, which remember the request and the Faces application they served last. */
    @Override
    int loadersKept() {
        return 5;
    }

    /** But for what it logs of a request that comes while it takes an application away, which it answers with an error. */
    @Override
    List<String> complaints() throws IOException {
        return super.complaints().stream()
                .filter(line -> !line.contains("AS-WEB-CORE-00037"))
                .toList();
    }

    @Override
    void checkNotRefused() throws IOException {
        refusedWhen("noir.war_deployFailed");
    }

    @Override
    void awaitUndeployed() throws Exception {
        super.awaitUndeployed();
        Path marker = instance.path("domain1/autodeploy/noir.war_undeployed");
        Deadline.await("Payara to say that it has undeployed", LIMIT, () -> Files.exists(marker));
        Files.delete(marker);
    }
}
