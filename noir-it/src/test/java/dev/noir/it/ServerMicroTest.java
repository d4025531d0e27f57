package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The WAR on servers that have it from their start to their end. */
final class ServerMicroTest {
    private static WebRtc webRtc;

    @BeforeAll
    static void start() {
        webRtc = new WebRtc();
    }

    @AfterAll
    static void stop() {
        webRtc.close();
    }

    static Stream<Server> servers() {
        return Server.chosen(List.of()).filter(Server::isMicro);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("servers")
    void holdsACallAndEndsItWithTheServer(Server kind) throws Exception {
        try (AppServer server = kind.start()) {
            ServerContract contract = new ServerContract(server, webRtc);
            contract.pagesAnswer();
            contract.foreignPagesAreRefused();
            SignalCrowd crowd = new SignalCrowd(server.signalling());
            crowd.comesAndGoes();
            crowd.doesHarmInVain();
            crowd.writesNoLogLines(server);
            contract.undeployingEndsACall("only");
            assertEquals(List.of(), server.temporaryFiles());
        }
    }
}
