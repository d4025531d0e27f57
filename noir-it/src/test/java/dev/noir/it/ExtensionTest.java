package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A jar in {@code WEB-INF/lib}, made of the example in docs/extending.md, is told who comes and goes. */
@ResourceLock("all processors") // See BotTest.
final class ExtensionTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String IMPORTS =
            """
            import dev.noir.event.*;
            import jakarta.enterprise.context.*;
            import jakarta.enterprise.event.Observes;
            import jakarta.inject.Inject;

            """;

    /** A bean of the request scope throws when there is none. */
    private static final String REQUESTS =
            """
            @ApplicationScoped
            public class Requests {
                @Inject
                private OfRequest ofRequest;

                void begun(@Observes @Initialized(RequestScoped.class) Object event) {
                    System.out.println("request " + ofRequest.word());
                }

                void ended(@Observes @Destroyed(RequestScoped.class) Object event) {
                    System.out.println("request ended");
                }
            }
            """;

    /** The API is there to be injected, and knows the room. */
    private static final String HOSTESS =
            """
            @ApplicationScoped
            public class Hostess {
                @Inject
                private dev.noir.room.Rooms rooms;

                void joined(@Observes PeerJoined event) {
                    System.out.println("rooms here: " + rooms.here().size());
                }
            }
            """;

    private static final String OF_REQUEST =
            """
            @RequestScoped
            public class OfRequest {
                public String word() {
                    return "begun";
                }
            }
            """;

    @TempDir
    static Path folder;

    private static WebRtc webRtc;
    private static Path war;

    @BeforeAll
    static void make() throws IOException {
        webRtc = new WebRtc();
        String page = Files.readString(Path.of("../docs/extending.md"));
        String example = page.split("```java\n", 2)[1].split("```", 2)[0];
        war = ExtendedWar.make(
                folder,
                Map.of(
                        "Attendance",
                        IMPORTS + example,
                        "Requests",
                        IMPORTS + REQUESTS,
                        "OfRequest",
                        IMPORTS + OF_REQUEST,
                        "Hostess",
                        IMPORTS + HOSTESS));
    }

    @AfterAll
    static void close() {
        webRtc.close();
    }

    static List<Server> tomcats() {
        return List.of(Server.TOMCAT_10, Server.TOMCAT_11);
    }

    @Test
    void byItself() throws Exception {
        try (NoirProcess noir = NoirProcess.start(war)) {
            try (IonPeer anna = new IonPeer(webRtc, noir.signalling())) {
                anna.join("lobby", "anna");
                awaitLine("anna () is in lobby", noir::output);
                awaitLine("rooms here: 1", noir::output);
            }
            awaitLine("anna has left lobby", noir::output);
            assertEquals(200, noir.get("health/ready").statusCode());
            awaitLine("request begun", noir::output);
            awaitLine("request ended", noir::output);
        }
    }

    /** Those who are here when noiR is undeployed leave, too, and observers hear of it. */
    @ParameterizedTest
    @MethodSource("tomcats")
    void inTomcat(Server version) throws Exception {
        try (AppServer tomcat = version.start()) {
            tomcat.deploy(war);
            JavaProcess process = tomcat.process;
            URI signalling = tomcat.signalling();
            try (IonPeer anna = new IonPeer(webRtc, signalling);
                    IonPeer bert = new IonPeer(webRtc, signalling)) {
                anna.join("lobby", "anna");
                bert.join("lobby", "bert");
                awaitLine("anna () is in lobby", process::output);
                awaitLine("bert () is in lobby", process::output);
                awaitLine("request ended", process::output);
                tomcat.undeploy();
                awaitLine("anna has left lobby", process::output);
                awaitLine("bert has left lobby", process::output);
            }
            assertTrue(process.output().contains("request begun"));
        }
    }

    private interface Output {
        String read() throws IOException;
    }

    private static void awaitLine(String line, Output output) throws Exception {
        Deadline.await("\"" + line + "\" in the log", LIMIT, () -> output.read().contains(line));
    }
}
