package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The WAR in a stock Tomcat: deployed, redeployed twice, and nothing left of it afterwards. */
final class TomcatTest {
    private static final String LOADER = "org.apache.catalina.loader.ParallelWebappClassLoader";

    static List<String> versions() {
        return List.of(System.getProperty("noir.it.tomcat.versions").split(",", -1));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void leavesNothingBehindWhenUndeployed(String version) throws Exception {
        try (TomcatProcess tomcat = TomcatProcess.start(version)) {
            for (int round = 0; round < 3; round++) {
                tomcat.deploy();
                assertEquals(200, tomcat.process().get(tomcat.http("")).statusCode());
                tomcat.undeploy();
            }
            // The histogram counts after a collection of garbage; finding all of it may take more than one.
            Deadline.await(
                    "the class loaders of all deployments to be collected",
                    Duration.ofSeconds(60),
                    () -> instances(tomcat, LOADER) == 0);
            String threads = tomcat.process().jcmd("Thread.print");
            assertFalse(threads.contains("\"noir-"), threads);
            String log = tomcat.process().output();
            assertFalse(log.contains("has failed to stop it"), log);
            assertFalse(log.contains("SEVERE"), log);
            assertEquals(List.of(), ours(tomcat.temporaryFiles()));
        }
    }

    private static int instances(TomcatProcess tomcat, String type) throws IOException, InterruptedException {
        return tomcat.process()
                .jcmd("GC.class_histogram")
                .lines()
                .map(line -> line.strip().split("\\s+", -1))
                .filter(columns -> columns.length >= 4 && columns[3].equals(type))
                .mapToInt(columns -> Integer.parseInt(columns[1]))
                .sum();
    }

    private static List<String> ours(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.contains("noir"))
                    .toList();
        }
    }
}
