package dev.noir.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.noir.admin.CommandException;
import dev.noir.bus.NodeInfo;
import dev.noir.event.JobFailed;
import dev.noir.event.RoomClosed;
import dev.noir.event.RoomOpened;
import jakarta.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Jobs of whatever kind: where they are done, how many, and what is told of those that fail. */
final class JobsTest {
    private static final String HUM = "{\"kind\":\"hum\",\"room\":\"r\"}";

    private final ManagedCluster noir = new ManagedCluster(true, Set.of(NodeInfo.SFU, NodeInfo.JOB));

    private JsonObject start() {
        JsonObject answer = noir.ask("jobs.start", HUM).orElseThrow();
        assertFalse(answer.containsKey("error"), answer::toString);
        return answer.getJsonObject("result");
    }

    private List<JsonObject> jobs() {
        return noir.ask("jobs.list", "{}")
                .orElseThrow()
                .getJsonObject("result")
                .getJsonArray("jobs")
                .getValuesAs(JsonObject.class);
    }

    @Test
    void theyAreDoneByNodesThatDoSuchThings() {
        assertEquals("two", start().getString("node"));
    }

    @Test
    void whatIsForTheRoomsHostIsDoneThere() {
        String look = "{\"kind\":\"look\",\"room\":\"r\"}";
        JsonObject refused = noir.ask("jobs.start", look).orElseThrow();
        assertEquals(404, refused.getJsonObject("error").getInt("code"));

        noir.join(noir.two, "r", "alice", "audio");
        noir.ask("jobs.start", look);
        assertEquals(List.of("r {}"), noir.hostJobsOfTwo.started);
        noir.join(noir.one, "s", "bob", "audio");
        noir.ask("jobs.start", look.replace("\"r\"", "\"s\""));
        assertEquals(List.of("s {}"), noir.hostJobsOfOne.started);
        noir.ask("jobs.start", look.replace("}", ",\"node\":\"one\"}"));
        assertEquals(List.of("s {}", "r {}"), noir.hostJobsOfOne.started, "whoever names a node gets it");
    }

    @Test
    void thereAreSoManyAtANodeAndNoMore() {
        for (int i = 0; i < 100; i++) {
            start();
        }
        JsonObject refused = noir.ask("jobs.start", HUM).orElseThrow();
        assertEquals(429, refused.getJsonObject("error").getInt("code"));

        noir.jobsOfTwo.over.complete(null);
        start();
        assertEquals(100, jobs().size());
    }

    @Test
    void aFailureIsToldInItsWordsAndAFaultIsNot() {
        start();
        noir.jobsOfTwo.over.completeExceptionally(new CommandException(CommandException.Code.INVALID, "too shrill"));
        start();
        noir.jobsOfTwo.over.completeExceptionally(new IllegalStateException("expected by this test"));

        assertEquals(
                List.of("too shrill", "internal error"),
                jobs().stream().map(job -> job.getString("failure")).toList());
    }

    @Test
    void theRoomsLogHasAFailure() {
        noir.join(noir.one, "r", "a");
        String job = start().getString("job");
        noir.jobsOfTwo.over.completeExceptionally(new CommandException(CommandException.Code.INVALID, "too shrill"));

        assertEquals(
                List.of(new JobFailed("r", 3, job, "hum", "too shrill")),
                noir.one.told.stream().filter(JobFailed.class::isInstance).toList());
        assertEquals(List.of(), noir.two.told);
    }

    @Test
    void theLogOfARoomInWhichNobodyIsHasItToo() {
        String job = start().getString("job");
        noir.jobsOfTwo.over.completeExceptionally(new CommandException(CommandException.Code.INVALID, "too shrill"));

        assertEquals(
                List.of(
                        new RoomOpened("r", 1),
                        new JobFailed("r", 2, job, "hum", "too shrill"),
                        new RoomClosed("r", 3)),
                noir.two.told);
        assertEquals(0, noir.two.service.rooms());
    }

    @Test
    void failuresTakeNobodysPlaceAndAreNotRememberedWithoutEnd() {
        String first = start().getString("job");
        noir.jobsOfTwo.over.completeExceptionally(new CommandException(CommandException.Code.INVALID, "no"));
        String second = start().getString("job");
        noir.jobsOfTwo.over.completeExceptionally(new CommandException(CommandException.Code.INVALID, "no"));
        for (int i = 0; i < 99; i++) {
            start();
            noir.jobsOfTwo.over.completeExceptionally(new CommandException(CommandException.Code.INVALID, "no"));
        }
        List<String> names = jobs().stream().map(job -> job.getString("job")).toList();
        assertEquals(100, names.size());
        assertFalse(names.contains(first));
        assertEquals(second, names.get(0));
    }

    @Test
    void oneThatHasFailedCanBeForgotten() {
        String job = start().getString("job");
        noir.jobsOfTwo.over.completeExceptionally(new CommandException(CommandException.Code.INVALID, "no"));
        assertEquals(1, jobs().size());

        assertFalse(
                noir.ask("jobs.stop", "{\"job\":\"" + job + "\"}").orElseThrow().containsKey("error"));
        assertEquals(List.of(), jobs());
    }
}
