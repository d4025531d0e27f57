package dev.noir.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.room.CloseCause;
import dev.noir.room.FakeClient;
import dev.noir.room.FakeProjector;
import dev.noir.room.FakeProjector.FakeShowing;
import dev.noir.room.Playing;
import dev.noir.route.ClusterFixture.Node;
import jakarta.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Files are played by jobs, of one node or for a room of another. */
final class PlayFileTest {
    private static final String FILM = "\"filename\":\"film.webm\",\"repeat\":-1";

    private final ManagedCluster noir = new ManagedCluster();

    private JsonObject done(String method, String params) {
        JsonObject answer = noir.ask(method, params).orElseThrow();
        assertFalse(answer.containsKey("error"), answer::toString);
        return answer.getJsonObject("result");
    }

    private int refused(String method, String params) {
        return noir.ask(method, params).orElseThrow().getJsonObject("error").getInt("code");
    }

    private JsonObject start(String options) {
        return done("jobs.start", "{\"kind\":\"PlayFile\",\"room\":\"r\",\"options\":{" + options + "}}");
    }

    private List<JsonObject> jobs() {
        return done("jobs.list", "{}").getJsonArray("jobs").getValuesAs(JsonObject.class);
    }

    private static FakeShowing shown(Node node) {
        FakeShowing showing = node.projector.last();
        showing.events.onOpened(FakeProjector.PICTURE_AND_SOUND);
        return showing;
    }

    private FakeClient watcherAt(Node node) {
        FakeClient watcher = noir.join(node, "r", "watcher");
        watcher.answerLast();
        return watcher;
    }

    @Test
    void aRoomOfThisNodeSeesIt() {
        FakeClient watcher = watcherAt(noir.one);
        JsonObject job = start("");

        assertTrue(job.getString("uid").matches("job-PlayFile-[A-Za-z0-9]{16}"), job::toString);
        assertEquals(new Playing("test.video", 0, 0, false), noir.one.projector.last().what);
        shown(noir.one);
        assertTrue(watcher.lastOffer().contains("msid:" + job.getString("uid")), watcher::lastOffer);
        assertEquals("running", jobs().get(0).getString("state"));
    }

    @Test
    void aRoomOfAnotherNodeHasItReadThere() {
        FakeClient watcher = watcherAt(noir.two);
        start(FILM + ",\"name\":\"cinema\",\"position\":2000,\"paused\":true");

        assertEquals(List.of(), noir.one.projector.showings);
        assertEquals(new Playing("film.webm", -1, 2000, true), noir.two.projector.last().what);
        FakeShowing showing = shown(noir.two);
        assertTrue(watcher.lastOffer().contains("msid:cinema cinema-video"), watcher::lastOffer);
        assertEquals("paused", jobs().get(0).getString("state"));

        showing.events.onMoved(new Playing("film.webm", -1, 3500, false));
        JsonObject job = jobs().get(0);
        assertEquals("running", job.getString("state"));
        assertEquals(3500, job.getInt("position"));
        assertEquals("one", job.getString("node"));
        assertEquals("cinema", job.getString("uid"));
    }

    @Test
    void itCanBeControlled() {
        watcherAt(noir.two);
        String job = "{\"job\":\"" + start(FILM).getString("job") + "\",\"action\":";
        FakeShowing showing = shown(noir.two);

        assertEquals("paused", done("jobs.control", job + "\"pause\"}").getString("state"));
        assertEquals(
                60_000,
                done("jobs.control", job + "\"seek\",\"position\":60000}").getInt("position"));
        assertEquals("running", done("jobs.control", job + "\"resume\"}").getString("state"));
        assertEquals(
                List.of(
                        new Playing.Change(Optional.of(true), OptionalLong.empty()),
                        new Playing.Change(Optional.empty(), OptionalLong.of(60_000)),
                        new Playing.Change(Optional.of(false), OptionalLong.empty())),
                showing.changes);
        assertEquals(-32602, refused("jobs.control", job + "\"seek\"}"));
        assertEquals(-32602, refused("jobs.control", job + "\"pause\",\"position\":1}"));
        assertEquals(404, refused("jobs.control", "{\"job\":\"one/none\",\"action\":\"pause\"}"));
    }

    @Test
    void oneThatIsStoppedOrHasPlayedGoesAway() {
        watcherAt(noir.two);
        String job = start(FILM).getString("job");
        FakeShowing first = shown(noir.two);
        done("jobs.stop", "{\"job\":\"" + job + "\"}");
        assertTrue(first.closed);
        assertEquals(List.of(), jobs());
        assertEquals(1, noir.two.service.peers());

        start(FILM);
        shown(noir.two).events.onEnded();
        assertEquals(List.of(), jobs());
        assertEquals(1, noir.two.service.peers());
    }

    @Test
    void oneThatFailsSaysWhyForAWhile() {
        watcherAt(noir.two);
        String job = start(FILM).getString("job");
        noir.two.projector.last().events.onFailed("there is no such file");

        JsonObject failed = jobs().get(0);
        assertEquals("failed", failed.getString("state"));
        assertEquals("cannot be played: there is no such file", failed.getString("failure"));
        assertEquals(404, refused("jobs.control", "{\"job\":\"" + job + "\",\"action\":\"pause\"}"));
        noir.advance(Duration.ofMinutes(9));
        assertEquals(1, jobs().size());
        noir.advance(Duration.ofMinutes(1));
        assertEquals(List.of(), jobs());
    }

    @Test
    void itGoesOnAtTheNextHostWhereItWas() {
        FakeClient watcher = noir.join(noir.two, "r", "watcher");
        start(FILM + ",\"name\":\"cinema\"");
        shown(noir.two).events.onMoved(new Playing("film.webm", -1, 7000, false));
        noir.kill(noir.two);
        noir.advance(Duration.ofSeconds(1));

        assertEquals(new Playing("film.webm", -1, 7000, false), noir.one.projector.last().what);
        assertEquals(1, noir.one.projector.showings.size());
        shown(noir.one).events.onMoved(new Playing("film.webm", -1, 8000, false));
        assertEquals(8000, jobs().get(0).getInt("position"));
        assertEquals("running", jobs().get(0).getString("state"));
        assertEquals(List.of(), watcher.errors);
    }

    @Test
    void itFollowsARoomThatIsHandedOver() {
        noir.join(noir.two, "r", "watcher");
        start(FILM);
        shown(noir.two).events.onMoved(new Playing("film.webm", -1, 7000, true));
        noir.two.handsOver();
        noir.advance(Duration.ofSeconds(1));

        assertEquals(new Playing("film.webm", -1, 7000, true), noir.one.projector.last().what);
    }

    @Test
    void aHostThatStaysAwayEndsItInTheEnd() {
        watcherAt(noir.two);
        start(FILM);
        shown(noir.two);
        noir.mute(noir.one);
        noir.kill(noir.two);
        noir.one.service.drain();
        noir.advance(Duration.ofMinutes(10));

        JsonObject job = jobs().get(0);
        assertEquals("failed", job.getString("state"), job::toString);
    }

    @Test
    void theRoomsEndIsItsEndAndNoFailure() {
        FakeClient watcher = watcherAt(noir.two);
        start(FILM);
        shown(noir.two);
        done("rooms.close", "{\"room\":\"r\"}");

        assertEquals(CloseCause.ROOM_ENDED.code(), watcher.closed.code());
        assertEquals(List.of(), jobs());
    }

    @Test
    void whoRemovesItEndsIt() {
        watcherAt(noir.two);
        start(FILM + ",\"name\":\"cinema\"");
        shown(noir.two);
        done("peers.kick", "{\"room\":\"r\",\"uid\":\"cinema\",\"reason\":\"too loud\"}");

        assertEquals("removed by a moderator: too loud", jobs().get(0).getString("failure"));
        noir.advance(Duration.ofSeconds(2)); // In which it could come back.
        assertEquals(1, noir.two.service.peers());
    }

    @Test
    void optionsThatAreNoneAreRefused() {
        for (String options : List.of(
                "\"filename\":\"\"",
                "\"filename\":7",
                "\"repeat\":-2",
                "\"position\":-1",
                "\"name\":\"\"",
                "\"speed\":2")) {
            assertEquals(
                    -32602,
                    refused("jobs.start", "{\"kind\":\"PlayFile\",\"room\":\"r\",\"options\":{" + options + "}}"),
                    options);
        }
        assertEquals(List.of(), jobs());
    }

    @Test
    void nodesThatShareNoSecretPlayNothingForEachOther() {
        ManagedCluster unsigned = new ManagedCluster(false);
        unsigned.join(unsigned.two, "r", "watcher");
        JsonObject started = unsigned.ask("jobs.start", "{\"kind\":\"PlayFile\",\"room\":\"r\"}")
                .orElseThrow()
                .getJsonObject("result");

        assertEquals(
                "another server may play files here only if all share noir.cluster.secret",
                started.getString("failure"));
        assertEquals(List.of(), unsigned.two.projector.showings);
        assertEquals(1, unsigned.two.service.peers());
    }
}
