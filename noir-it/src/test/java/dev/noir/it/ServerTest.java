package dev.noir.it;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same WAR on every stock server: deployed, used, undeployed in the middle of a call, and once more, now with the server's own
 * users.
 */
final class ServerTest {
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
        return Server.chosen(List.of(
                        Server.TOMCAT_10,
                        Server.TOMCAT_11,
                        Server.WILDFLY,
                        Server.JETTY,
                        Server.LIBERTY,
                        Server.PAYARA_6))
                .filter(server -> !server.isMicro());
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("servers")
    void holdsCallsAndLeavesNothingBehind(Server kind, @TempDir Path work) throws Exception {
        try (AppServer server = kind.start()) {
            ServerContract contract = new ServerContract(server, webRtc);
            server.deploy();
            contract.pagesAnswer();
            contract.foreignPagesAreRefused();
            contract.whipAnswers();
            SignalCrowd crowd = new SignalCrowd(server.signalling());
            crowd.comesAndGoes();
            crowd.doesHarmInVain();
            crowd.writesNoLogLines(server);
            crowd.compressesInVain();
            contract.inflatingEnds();
            contract.undeployingEndsACall("first");
            contract.nothingIsLeft();
            server.deploy(LoginContract.war(server, work));
            LoginContract people = new LoginContract(server, webRtc);
            contract.errorsTellNothing();
            people.nobodyComesInUnknown();
            people.rolesAreTheServers();
            people.whoMayNotPublishIsNotForwarded();
            people.moderatorsAreObeyed();
            people.administratorsGiveCommands();
            if (kind.isAttackedInFull()) {
                new SignalCrowd(server.signalling(), LoginContract.BOB).neverReads(LoginContract.PARLIAMENT);
            }
            people.aBotComesIn();
            contract.undeployingEndsACall("second", LoginContract.BOB);
            contract.nothingIsLeft();
        }
    }
}
