package dev.noir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What {@code config/} has for Kubernetes and systemd fits noiR's settings, the image, and itself. */
final class PackagingTest {
    private static final Path CONFIG = Path.of("..", "config");
    private static final Path KUBERNETES = CONFIG.resolve("kubernetes");
    private static final Path SYSTEMD = CONFIG.resolve("systemd");
    // What the cluster or the administrator puts there.
    private static final Map<String, String> FILLED_IN = Map.of(
            "metadata.name", "noir-0",
            "status.hostIP", "192.0.2.7",
            "redis-url", "redis://redis:6379",
            "cluster-secret", "0123456789abcdef0123456789abcdef",
            "admin-token", "fedcba9876543210fedcba9876543210");

    private static List<Yaml> documents;
    private static Yaml pod;
    private static Yaml container;
    private static NoirConfig settings;

    @BeforeAll
    static void read() throws IOException {
        documents = Yaml.read(KUBERNETES.resolve("noir.yaml"));
        pod = Yaml.document(documents, "StatefulSet", "noir").at("spec", "template", "spec");
        container = pod.at("containers").list().get(0);
        Map<String, String> environment = new HashMap<>();
        for (Yaml variable : container.at("env").list()) {
            environment.put(variable.at("name").text(), valueOf(variable));
        }
        settings = settings(environment);
    }

    private static String valueOf(Yaml variable) {
        if (variable.at("value").isThere()) {
            return variable.at("value").text();
        }
        Yaml from = variable.at("valueFrom");
        String key = from.at("fieldRef").isThere()
                ? from.at("fieldRef", "fieldPath").text()
                : from.at("secretKeyRef", "key").text();
        return Optional.ofNullable(FILLED_IN.get(key)).orElseThrow(() -> new AssertionError("what is " + key + "?"));
    }

    /** As noiR reads them: every variable is a setting that exists, and its value is taken. */
    private static NoirConfig settings(Map<String, String> environment) {
        Map<String, String> left = new HashMap<>(environment);
        NoirConfig config = NoirConfig.load(key ->
                Optional.ofNullable(left.remove(key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_"))));
        assertEquals(Map.of(), left, "no settings");
        return config;
    }

    @Test
    void portsAreThoseOfTheSettings() {
        assertEquals(settings.httpPorts().get(0), port("http"));
        assertEquals(settings.ports().management().getAsInt(), port("management"));
        assertEquals(settings.ports().health().getAsInt(), port("health"));
        Set<Integer> media = IntStream.range(0, settings.mediaLoops())
                .mapToObj(loop -> settings.mediaPort() + loop)
                .collect(Collectors.toSet());
        assertEquals(media, ports("media-[0-9]", "UDP"));
        assertEquals(media, ports("media-tcp-[0-9]", "TCP"));
        Yaml service = Yaml.document(documents, "Service", "noir")
                .at("spec", "ports")
                .list()
                .get(0);
        assertEquals("http", service.at("targetPort").text());
    }

    private static int port(String name) {
        return ports(name, "TCP").iterator().next();
    }

    private static Set<Integer> ports(String pattern, String protocol) {
        return container.at("ports").list().stream()
                .filter(port -> port.at("name").text().matches(pattern)
                        && (port.at("protocol").isThere() ? port.at("protocol").text() : "TCP").equals(protocol))
                .map(port -> port.at("containerPort").number())
                .collect(Collectors.toSet());
    }

    @Test
    void probesAskWhatNoirAnswers() throws IOException {
        String servlet = Files.readString(Path.of("src/main/java/dev/noir/admin/HealthServlet.java"));
        Map.of("startupProbe", "started", "livenessProbe", "live", "readinessProbe", "ready")
                .forEach((probe, state) -> {
                    Yaml asked = container.at(probe, "httpGet");
                    assertEquals("/health/" + state, asked.at("path").text());
                    assertEquals("health", asked.at("port").text());
                    assertTrue(servlet.contains('"' + asked.at("path").text() + '"'), state);
                });
    }

    @Test
    void everyPartSelectsThePodsAndDrainsInTime() {
        String label = Yaml.document(documents, "StatefulSet", "noir")
                .at("spec", "template", "metadata", "labels", "app")
                .text();
        assertEquals(
                label,
                Yaml.document(documents, "StatefulSet", "noir")
                        .at("spec", "selector", "matchLabels", "app")
                        .text());
        assertEquals(
                label,
                Yaml.document(documents, "Service", "noir")
                        .at("spec", "selector", "app")
                        .text());
        assertEquals(
                label,
                Yaml.document(documents, "PodDisruptionBudget", "noir")
                        .at("spec", "selector", "matchLabels", "app")
                        .text());
        assertTrue(pod.at("terminationGracePeriodSeconds").number()
                > settings.drainTimeout().toSeconds());
        assertEquals("false", pod.at("enableServiceLinks").text());
    }

    @Test
    void isWhoTheImageSays() throws IOException {
        String image = Files.readString(Path.of("../tools/image.sh"));
        assertTrue(image.contains(
                "\nOWNER=" + pod.at("securityContext", "runAsUser").text() + "\n"));
        assertEquals("true", pod.at("securityContext", "runAsNonRoot").text());
        assertEquals(
                "true",
                container.at("securityContext", "readOnlyRootFilesystem").text());
        assertEquals(
                "/tmp",
                container.at("volumeMounts").list().get(0).at("mountPath").text());
    }

    @Test
    void eachLoadBalancerIsAnnouncedByItsNode() throws IOException {
        List<Yaml> balancers = Yaml.read(KUBERNETES.resolve("load-balancers.yaml"));
        Yaml nodes = Yaml.document(balancers, "ConfigMap", "noir-nodes").at("data");
        for (String node : List.of("noir-0", "noir-1")) {
            Yaml service = Yaml.document(balancers, "Service", node.replace("noir-", "noir-media-"))
                    .at("spec");
            assertEquals(
                    node,
                    service.at("selector", "statefulset.kubernetes.io/pod-name").text());
            Properties own = new Properties();
            own.load(new StringReader(nodes.at(node + ".properties").text()));
            assertEquals(Set.of(), unknown(own.stringPropertyNames()));
            assertEquals(
                    service.at("loadBalancerIP").text(), own.getProperty(Settings.MEDIA_ANNOUNCED_ADDRESSES.key()));
            assertEquals(
                    ports("media-[0-9]", "UDP"),
                    service.at("ports").list().stream()
                            .map(port -> port.at("port").number())
                            .collect(Collectors.toSet()));
        }
    }

    private static Set<String> unknown(Set<String> keys) {
        Set<String> known = Settings.ALL.stream().map(Setting::key).collect(Collectors.toSet());
        return keys.stream().filter(key -> !known.contains(key)).collect(Collectors.toSet());
    }

    @Test
    void systemdWaitsForTheDrain() throws IOException {
        Properties environment = new Properties();
        // Settings that are only proposed count, too, but for what must be filled in.
        String proposed = Files.readString(SYSTEMD.resolve("noir.env")).replaceAll("(?m)^#(NOIR_[A-Z_]+=.)", "$1");
        environment.load(new StringReader(proposed));
        NoirConfig config = settings(environment.stringPropertyNames().stream()
                .collect(Collectors.toMap(name -> name, environment::getProperty)));
        Properties unit = new Properties();
        unit.load(new StringReader(Files.readString(SYSTEMD.resolve("noir.service"))));
        assertTrue(Integer.parseInt(unit.getProperty("TimeoutStopSec"))
                > config.drainTimeout().toSeconds());
    }

    @Test
    void systemdTakesTheUnitAndFindsItSafe() throws Exception {
        assumeTrue(Files.exists(Path.of("/usr/bin/systemd-analyze")));
        String unit = SYSTEMD.resolve("noir.service").toString();
        assertEquals("", analyze("verify", unit));
        // Of 10, which is a unit that may do everything.
        String exposure = analyze("security", "--offline=true", "--threshold=15", "--no-pager", unit);
        assertTrue(exposure.contains("exposure level for noir.service: 1."), exposure);
    }

    private static String analyze(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("/usr/bin/systemd-analyze"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
        return printed.strip();
    }
}
