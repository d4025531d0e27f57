package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A day of an administrator who cannot leave it alone: the WAR is redeployed 20 times in one JVM, in a call each time. */
final class ServerRedeployTest {
    private static final int ROUNDS = Integer.getInteger("noir.it.redeploys", 20);
    private static final int SETTLED = 5;
    private static final long GROWTH_KILOBYTES = 96 * 1024;
    private static final int EXTRA_DESCRIPTORS = 16;

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
        return Server.chosen(List.of(Server.TOMCAT_11, Server.WILDFLY)).filter(server -> !server.isMicro());
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("servers")
    void comesBackToWhereItWas(Server kind) throws Exception {
        try (AppServer server = kind.start()) {
            ServerContract contract = new ServerContract(server, webRtc);
            Footprint settled = null;
            for (int round = 1; round <= ROUNDS; round++) {
                server.deploy();
                contract.undeployingEndsACall("round-" + round);
                contract.nothingRuns();
                if (round == SETTLED) {
                    contract.nothingIsLeft();
                    settled = Footprint.of(server.process);
                }
            }
            contract.nothingIsLeft();
            Footprint end = Footprint.of(server.process);
            String compared = "after " + SETTLED + " redeployments " + settled + ", after " + ROUNDS + " " + end;
            System.out.println(kind + ": " + compared);
            assertTrue(end.outsideHeap() < settled.outsideHeap() + GROWTH_KILOBYTES, compared);
            assertTrue(end.codeKilobytes() < settled.codeKilobytes() + GROWTH_KILOBYTES, compared);
            assertTrue(end.heap().usedKilobytes() < settled.heap().usedKilobytes() + GROWTH_KILOBYTES, compared);
            assertTrue(end.state().descriptors() < settled.state().descriptors() + EXTRA_DESCRIPTORS, compared);
        }
    }

    /**
     * What a JVM has taken from the system, apart for what is its own choice: how much of its heap, which only grows while it is
     * young, and how much compiled code, of which there is more the longer it runs. What malloc keeps of what has been freed is
     * given back before.
     */
    private record Footprint(ProcessState state, JavaHeap heap, long codeKilobytes) {
        static Footprint of(JavaProcess process) throws IOException, InterruptedException {
            JavaHeap heap = JavaHeap.of(process);
            process.jcmd("System.trim_native_heap");
            return new Footprint(ProcessState.of(process.pid()), heap, ProcessState.residentCode(process.pid()));
        }

        long outsideHeap() {
            return state.residentKilobytes() - heap.committedKilobytes() - codeKilobytes;
        }
    }
}
