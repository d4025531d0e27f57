package dev.noir.route;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.room.CloseCause;
import dev.noir.room.FakeClient;
import dev.noir.room.Notification;
import dev.noir.room.RoomId;
import dev.noir.room.TestAccess;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Management of a cluster of two nodes, asked at the one that hosts nothing. */
final class CommandsTest {
    private final ManagedCluster noir = new ManagedCluster();

    private JsonObject ask(String method, String params) {
        JsonObject answer = noir.ask(method, params).orElseThrow();
        assertTrue(answer.containsKey("result"), () -> method + ": " + answer);
        return answer.getJsonObject("result");
    }

    private int refused(String method, String params) {
        return codeOf(noir.ask(method, params).orElseThrow());
    }

    private static int codeOf(JsonObject answer) {
        assertTrue(answer.containsKey("error"), answer::toString);
        return answer.getJsonObject("error").getInt("code");
    }

    @Test
    void anOpenRoomOfAnotherNodeIsSeenChangedAndClosed() {
        FakeClient alice = noir.join(noir.two, "r", "alice", "audio");
        noir.join(noir.two, "r", "bob");

        JsonObject room = ask("rooms.get", "{\"room\":\"r\"}");
        assertEquals("open", room.getString("state"));
        assertEquals("two", room.getString("node"));
        assertEquals(2, room.getInt("peers"));
        assertEquals(1, room.getInt("publishers"));
        JsonObject changed = ask("rooms.update", "{\"room\":\"r\",\"title\":\"Tea\",\"maxPeers\":2}");
        assertEquals("Tea", changed.getString("title"));
        assertEquals(List.of("the room is full"), noir.join(noir.two, "r", "carol").errors);
        ask("rooms.lock", "{\"room\":\"r\"}");
        assertTrue(ask("rooms.get", "{\"room\":\"r\"}").getBoolean("locked"));
        ask("rooms.unlock", "{\"room\":\"r\"}");
        assertFalse(ask("rooms.get", "{\"room\":\"r\"}").getBoolean("locked"));
        ask("rooms.lobby", "{\"room\":\"r\",\"enabled\":true}");
        assertTrue(ask("rooms.get", "{\"room\":\"r\"}").getBoolean("lobby"));

        ask("rooms.close", "{\"room\":\"r\",\"reason\":\"late\"}");
        assertEquals(new CloseCause(4005, "the room has ended: late"), alice.closed);
        assertEquals(404, refused("rooms.get", "{\"room\":\"r\"}"));
        assertEquals(404, refused("rooms.close", "{\"room\":\"r\"}"));
    }

    @Test
    void aRoomIsLaidDownAndInForceWhereverItIsOpened() {
        JsonObject planned = ask(
                "rooms.create",
                "{\"room\":\"p\",\"title\":\"Plan\",\"maxPeers\":1,\"maxAgeSeconds\":5,\"reserveSeconds\":30,"
                        + "\"channel\":true,\"maxPublishers\":0,\"joinPassword\":\"secret\"}");
        assertEquals("planned", planned.getString("state"));
        assertTrue(planned.getBoolean("joinPassword"));
        assertFalse(planned.toString().contains("secret"), planned::toString);
        assertEquals(409, refused("rooms.create", "{\"room\":\"p\"}"));
        ask("rooms.update", "{\"room\":\"p\",\"joinPassword\":\"\"}");
        assertFalse(ask("rooms.get", "{\"room\":\"p\"}").getBoolean("joinPassword"));

        FakeClient first = noir.join(noir.two, "p", "a");
        assertEquals(List.of("the room is full"), noir.join(noir.two, "p", "b").errors);
        JsonObject open = ask("rooms.get", "{\"room\":\"p\"}");
        assertEquals("open", open.getString("state"));
        assertEquals("Plan", open.getString("title"));
        assertEquals(409, refused("rooms.create", "{\"room\":\"p\"}"));
        noir.advance(Duration.ofSeconds(5));
        assertEquals(CloseCause.ROOM_ENDED, first.closed);
        assertEquals("planned", ask("rooms.get", "{\"room\":\"p\"}").getString("state"));
        ask("rooms.close", "{\"room\":\"p\"}");
        assertEquals(404, refused("rooms.get", "{\"room\":\"p\"}"));
        assertEquals(404, refused("rooms.update", "{\"room\":\"p\",\"title\":\"x\"}"));
    }

    @Test
    void aRoomHasAPolicyOfItsOwnWhereverItIsOpened() {
        assertEquals(
                "policy: line 2: publish has an asterisk in a role's name; * is everybody, ** who is logged in",
                messageOf("rooms.create", "{\"room\":\"p\",\"policy\":\"join = board\\npublish = b*\"}"));
        assertEquals(
                "policy: line 1: joyn is no key of a policy",
                messageOf("rooms.update", "{\"room\":\"p\",\"policy\":\"joyn = board\"}"));
        assertEquals(
                "policy: line 1: max-peers is no part of a room's own policy, which has a member for that",
                messageOf("rooms.create", "{\"room\":\"p\",\"policy\":\"max-peers = 3\"}"));
        assertEquals(
                "policy: line 1: a room's own policy has no sections",
                messageOf("rooms.create", "{\"room\":\"p\",\"policy\":\"[other]\"}"));
        assertEquals(404, refused("rooms.get", "{\"room\":\"p\"}"));

        String policy = "\"policy\":\"join = board\\nlobby = yes\"";
        assertTrue(ask("rooms.create", "{\"room\":\"p\"," + policy + "}")
                .toString()
                .contains(policy));
        assertEquals(List.of("please log in"), noir.join(noir.two, "p", "stranger").errors);
        assertTrue(ask("rooms.update", "{\"room\":\"p\",\"title\":\"x\"}")
                .toString()
                .contains(policy));
        ask("rooms.update", "{\"room\":\"p\",\"policy\":\"publish = -\"}");
        assertEquals(List.of(), noir.join(noir.two, "p", "a").errors);
        assertEquals("publish = -", ask("rooms.get", "{\"room\":\"p\"}").getString("policy"));
        assertEquals(
                List.of("join", "subscribe"),
                ask("grants.get", "{\"room\":\"p\",\"uid\":\"a\"}")
                        .getJsonArray("grants")
                        .getValuesAs(JsonString::getString));
        ask("rooms.update", "{\"room\":\"p\",\"policy\":\"join = -\"}");
        assertEquals(List.of("you may not join this room"), noir.join(noir.two, "p", "b").errors);
        ask("rooms.update", "{\"room\":\"p\",\"policy\":\"\"}");
        assertEquals(List.of(), noir.join(noir.two, "p", "c").errors);
    }

    private String messageOf(String command, String params) {
        return noir.ask(command, params).orElseThrow().getJsonObject("error").getString("message");
    }

    @Test
    void pagesHaveEveryRoomOfTheClusterOnceInOrder() {
        List<String> expected = new ArrayList<>();
        for (int i = 10; i < 35; i++) {
            String name = "r" + i;
            expected.add(name);
            if (i % 3 == 0) {
                ask("rooms.create", "{\"room\":\"" + name + "\",\"title\":\"Planned\"}");
            }
            if (i % 3 != 0 || i % 2 == 0) {
                noir.join(i % 2 == 0 ? noir.one : noir.two, name, "a");
            }
        }
        for (int limit : new int[] {1, 4, 7, 100}) {
            assertEquals(expected, list(limit, "{}"));
        }
        assertEquals(List.of("r15", "r21", "r27", "r33"), list(3, "{\"state\":\"planned\"}"));
        assertEquals(
                List.of("r20", "r21", "r22"), list(2, "{\"prefix\":\"r2\"}").subList(0, 3));
        assertEquals(8, list(4, "{\"title\":\"pLANNed\"}").size());
        assertEquals(8, list(4, "{\"node\":\"two\"}").size());
        assertEquals(21, ask("rooms.count", "{}").getInt("rooms"));
        assertEquals(21, ask("rooms.count", "{\"filter\":{\"minPeers\":1}}").getInt("peers"));
        assertEquals(0, ask("rooms.count", "{\"filter\":{\"maxPeers\":0}}").getInt("rooms"));
    }

    /** All pages. */
    private List<String> list(int limit, String filter) {
        List<String> names = new ArrayList<>();
        String after = "";
        do {
            JsonObject page = ask(
                    "rooms.list",
                    "{\"limit\":" + limit + ",\"filter\":" + filter
                            + (after.isEmpty() ? "" : ",\"after\":\"" + after + "\"") + "}");
            page.getJsonArray("rooms").getValuesAs(JsonObject.class).forEach(room -> names.add(room.getString("room")));
            assertTrue(page.getJsonArray("rooms").size() <= limit);
            assertEquals(List.of(), page.getJsonArray("silent"));
            after = page.getString("next", "");
        } while (!after.isEmpty());
        return names;
    }

    @Test
    void peersAndWhatTheySendAreSeenAndModerated() {
        FakeClient alice = noir.join(noir.two, "r", "alice", "audio", "video");
        noir.join(noir.two, "r", "bob");
        JsonObject list = ask("peers.list", "{\"room\":\"r\"}");
        assertEquals(2, list.getJsonArray("peers").size());
        JsonObject peer = ask("peers.get", "{\"room\":\"r\",\"uid\":\"alice\"}");
        assertEquals(2, peer.getJsonArray("tracks").size());
        String stream = peer.getJsonArray("tracks").getJsonObject(0).getString("stream");

        ask("tracks.mute", "{\"room\":\"r\",\"uid\":\"alice\",\"stream\":\"" + stream + "\",\"muted\":true}");
        JsonObject track = ask("tracks.list", "{\"room\":\"r\",\"uid\":\"alice\"}")
                .getJsonArray("tracks")
                .getJsonObject(0);
        assertTrue(track.getBoolean("muted"));
        ask("tracks.mute", "{\"room\":\"r\",\"uid\":\"alice\",\"stream\":\"" + stream + "\",\"muted\":false}");
        assertEquals(404, refused("tracks.mute", "{\"room\":\"r\",\"uid\":\"bob\",\"stream\":\"x\",\"muted\":true}"));
        ask("peers.squelch", "{\"room\":\"r\",\"uid\":\"alice\",\"kind\":\"audio\",\"squelched\":true}");
        assertEquals(
                "audio",
                ask("peers.get", "{\"room\":\"r\",\"uid\":\"alice\"}")
                        .getJsonArray("squelched")
                        .getString(0));
        ask("grants.set", "{\"room\":\"r\",\"uid\":\"bob\",\"grants\":[\"subscribe\"]}");
        List<String> grants = ask("grants.get", "{\"room\":\"r\",\"uid\":\"bob\"}")
                .getJsonArray("grants")
                .getValuesAs(JsonString::getString);
        assertEquals(List.of("join", "subscribe"), grants);
        assertEquals(-32602, refused("grants.set", "{\"room\":\"r\",\"uid\":\"bob\",\"grants\":[\"fly\"]}"));

        ask("peers.kick", "{\"room\":\"r\",\"uid\":\"bob\",\"reason\":\"noise\"}");
        String ban = ask("peers.ban", "{\"room\":\"r\",\"uid\":\"alice\",\"seconds\":60}")
                .getString("id");
        assertNotNull(alice.closed);
        assertEquals(404, refused("peers.kick", "{\"room\":\"r\",\"uid\":\"alice\"}"));
        noir.join(noir.two, "r", "carol");
        assertEquals(
                ban,
                ask("peers.list", "{\"room\":\"r\"}")
                        .getJsonArray("bans")
                        .getJsonObject(0)
                        .getString("id"));
        ask("peers.unban", "{\"room\":\"r\",\"id\":\"" + ban + "\"}");
        assertEquals(404, refused("peers.unban", "{\"room\":\"r\",\"id\":\"" + ban + "\"}"));
    }

    @Test
    void aPeerIsSentToAnotherRoomWhoeverHostsBoth() {
        FakeClient bob = noir.join(noir.two, "r", "bob");
        FakeClient carol = noir.join(noir.two, "r", "carol");
        noir.join(noir.one, "s", "carol");
        assertEquals(404, refused("peers.move", "{\"room\":\"r\",\"uid\":\"nobody\",\"to\":\"s\"}"));
        assertEquals(-32602, refused("peers.move", "{\"room\":\"r\",\"uid\":\"bob\",\"to\":\"r\"}"));
        assertEquals(-32602, refused("peers.move", "{\"room\":\"r\",\"uid\":\"bob\",\"to\":\"\"}"));
        assertEquals(409, refused("peers.move", "{\"room\":\"r\",\"uid\":\"carol\",\"to\":\"s\"}"));
        ask("rooms.update", "{\"room\":\"s\",\"maxPeers\":1}");
        assertEquals(486, refused("peers.move", "{\"room\":\"r\",\"uid\":\"bob\",\"to\":\"s\"}"));
        ask("rooms.update", "{\"room\":\"s\",\"maxPeers\":3}");
        noir.join(noir.two, "s", "bob");
        ask("peers.ban", "{\"room\":\"s\",\"uid\":\"bob\",\"seconds\":60}");
        assertEquals(403, refused("peers.move", "{\"room\":\"r\",\"uid\":\"bob\",\"to\":\"s\"}"));
        String ban = ask("peers.list", "{\"room\":\"s\"}")
                .getJsonArray("bans")
                .getJsonObject(0)
                .getString("id");
        ask("peers.unban", "{\"room\":\"s\",\"id\":\"" + ban + "\"}");
        ask("rooms.lock", "{\"room\":\"s\"}");
        assertNull(bob.closed);
        ask("peers.move", "{\"room\":\"r\",\"uid\":\"bob\",\"to\":\"s\"}");
        ask("peers.move", "{\"room\":\"r\",\"uid\":\"carol\",\"to\":\"not open\"}");

        assertEquals(4011, requireNonNull(bob.closed).code());
        assertEquals(List.of(invited("s", "bob")), sentTo(bob));
        assertEquals(List.of(invited("not open", "carol")), sentTo(carol));
    }

    private Notification invited(String room, String uid) {
        return new Notification.SentTo(
                new RoomId(room),
                TestAccess.open(noir.scheduler()).invitations().write(room, uid, ""));
    }

    private static List<Notification> sentTo(FakeClient client) {
        return client.told.stream()
                .filter(told -> told instanceof Notification.SentTo)
                .toList();
    }

    @Test
    void filesAreListedWithTheNodesThatHaveThem() {
        noir.one.projector.files.addAll(List.of("a.webm", "c.ivf"));
        noir.two.projector.files.addAll(List.of("a.webm", "b/b.mkv"));

        assertEquals(
                "{\"files\":[{\"file\":\"a.webm\",\"nodes\":[\"one\",\"two\"]},"
                        + "{\"file\":\"b/b.mkv\",\"nodes\":[\"two\"]},{\"file\":\"c.ivf\",\"nodes\":[\"one\"]}],\"silent\":[]}",
                ask("files.list", "{}").toString());
    }

    @Test
    void nodesAndJobsOfOthersAreReached() {
        assertEquals(2, ask("nodes.list", "{}").getJsonArray("nodes").size());
        assertEquals("two", ask("nodes.get", "{\"node\":\"two\"}").getString("node"));
        assertEquals(404, refused("nodes.get", "{\"node\":\"three\"}"));
        assertEquals(404, refused("nodes.drain", "{\"node\":\"three\"}"));
        assertEquals("up", ask("nodes.state", "{\"node\":\"two\"}").getString("state"));
        assertEquals("draining", ask("nodes.drain", "{\"node\":\"two\"}").getString("state"));
        assertTrue(noir.drainOfTwo.begun);
        assertEquals(2, ask("stats", "{}").getInt("nodes"));

        assertEquals(404, refused("jobs.start", "{\"kind\":\"hum\",\"room\":\"r\"}"));
        String job = ask(
                        "jobs.start",
                        "{\"kind\":\"hum\",\"room\":\"r\",\"node\":\"two\",\"options\":{\"tone\":{\"hz\":440}}}")
                .getString("job");
        assertEquals(
                List.of("r {tone={\"hz\":440}}"),
                noir.jobsOfTwo.started.stream()
                        .map(text -> text.replace("{\"tone\":{\"hz\":440}}", "{tone={\"hz\":440}}"))
                        .toList());
        JsonObject jobs = ask("jobs.list", "{}");
        assertEquals(job, jobs.getJsonArray("jobs").getJsonObject(0).getString("job"));
        assertEquals(
                "[\"PlayFile\",\"hum\",\"look\"]", jobs.getJsonArray("kinds").toString());
        assertEquals("running", jobs.getJsonArray("jobs").getJsonObject(0).getString("state"));
        assertEquals(-32602, refused("jobs.control", "{\"job\":\"" + job + "\",\"action\":\"pause\"}"));
        ask("jobs.stop", "{\"job\":\"" + job + "\"}");
        assertEquals(1, noir.jobsOfTwo.stopped);
        assertEquals(404, refused("jobs.stop", "{\"job\":\"" + job + "\"}"));
        assertEquals(404, refused("jobs.stop", "{\"job\":\"nothing\"}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{nope | -32700",
                "[] | -32600",
                "{\"id\":1,\"method\":\"fly\"} | -32601",
                "{\"id\":1,\"method\":\"rooms.get\"} | -32602",
                "{\"id\":1,\"method\":\"rooms.get\",\"params\":{\"room\":\"r\",\"more\":1}} | -32602",
                "{\"id\":1,\"method\":\"rooms.get\",\"params\":{\"room\":7}} | -32602",
                "{\"id\":1,\"method\":\"rooms.get\",\"params\":{\"room\":\"\"}} | -32602",
                "{\"id\":1,\"method\":\"rooms.get\",\"params\":[\"r\"]} | -32602",
                "{\"id\":1,\"method\":\"rooms.get\",\"params\":{\"room\":\"none\"}} | 404",
                "{\"id\":1,\"method\":\"rooms.create\",\"params\":{\"room\":\"r\",\"maxPeers\":0}} | -32602",
                "{\"id\":1,\"method\":\"rooms.create\",\"params\":{\"room\":\"r\",\"maxPeers\":1.5}} | -32602",
                "{\"id\":1,\"method\":\"rooms.create\",\"params\":{\"room\":\"r\",\"channel\":\"yes\"}} | -32602",
                "{\"id\":1,\"method\":\"rooms.list\",\"params\":{\"limit\":101}} | -32602",
                "{\"id\":1,\"method\":\"rooms.list\",\"params\":{\"filter\":{\"state\":\"shut\"}}} | -32602",
                "{\"id\":1,\"method\":\"rooms.list\",\"params\":{\"filter\":{\"colour\":\"red\"}}} | -32602",
                "{\"id\":1,\"method\":\"peers.list\",\"params\":{\"room\":\"none\"}} | 404",
                "{\"id\":1,\"method\":\"peers.ban\",\"params\":{\"room\":\"r\",\"uid\":\"x\",\"seconds\":0}} | -32602",
            })
    void whatIsWrongHasItsCodeAndChangesNothing(String message, int code) {
        assertEquals(code, codeOf(noir.say(message).orElseThrow()));
        assertEquals(0, list(10, "{}").size());
    }

    @Test
    void whatIsTooLargeTooDeepOrTooOftenIsRefused() {
        String text = "x".repeat(70_000);
        assertEquals(
                -32600,
                codeOf(noir.say("{\"id\":1,\"method\":\"" + text + "\"}").orElseThrow()));
        assertEquals(
                -32700,
                codeOf(noir.say("{\"id\":1,\"method\":\"stats\",\"params\":" + "{\"a\":".repeat(50) + "1"
                                + "}".repeat(51))
                        .orElseThrow()));
        int refusals = 0;
        for (int i = 0; i < 1100; i++) {
            refusals += noir.ask("stats", "{}").orElseThrow().containsKey("error") ? 1 : 0;
        }
        assertTrue(refusals >= 100, "refused " + refusals);
        assertEquals(429, refused("stats", "{}"));
        noir.advance(Duration.ofSeconds(11));
        ask("stats", "{}");
    }

    @Test
    void whatNobodyAnswersFailsInTimeAndSaysSo() {
        noir.join(noir.two, "r", "a");
        noir.mute(noir.two);
        CompletableFuture<JsonObject> room = noir.later("rooms.get", "{\"room\":\"r\"}");
        CompletableFuture<JsonObject> update = noir.later("rooms.update", "{\"room\":\"r\",\"title\":\"x\"}");
        CompletableFuture<JsonObject> drain = noir.later("nodes.drain", "{\"node\":\"two\"}");
        CompletableFuture<JsonObject> list = noir.later("rooms.list", "{}");
        assertFalse(room.isDone());
        noir.advance(Duration.ofSeconds(10));

        assertEquals(503, codeOf(room.join()));
        assertEquals(503, codeOf(update.join()));
        assertEquals(503, codeOf(drain.join()));
        assertEquals(
                "two",
                list.join().getJsonObject("result").getJsonArray("silent").getString(0));
        assertTrue(noir.one.plans.plans("", 10).isEmpty(), "nothing was laid down");
    }

    @Test
    void whoeverWaitsForANodeThatDiesHearsItAtOnce() {
        noir.join(noir.two, "r", "a");
        noir.mute(noir.two);
        CompletableFuture<JsonObject> kick = noir.later("peers.kick", "{\"room\":\"r\",\"uid\":\"a\"}");
        CompletableFuture<JsonObject> drain = noir.later("nodes.drain", "{\"node\":\"two\"}");
        noir.kill(noir.two);

        assertEquals(503, codeOf(kick.join()));
        assertEquals(503, codeOf(drain.join()));
        ask("stats", "{}");
    }

    @Test
    void nodesThatShareNoSecretShowAndDoNotAct() {
        ManagedCluster open = new ManagedCluster(false);
        assertEquals(
                "up",
                open.ask("nodes.state", "{\"node\":\"two\"}")
                        .orElseThrow()
                        .getJsonObject("result")
                        .getString("state"));
        assertEquals(403, codeOf(open.ask("nodes.drain", "{\"node\":\"two\"}").orElseThrow()));
        assertFalse(open.drainOfTwo.begun);
    }

    @Test
    void eventsAreToldAgainFromAnyNumberOn() {
        JsonObject first = ask("events.replay", "{\"room\":\"r\",\"limit\":2}");
        assertEquals(2, first.getJsonArray("events").size());
        JsonObject rest = ask("events.replay", "{\"room\":\"r\",\"from\":" + first.getInt("next") + "}");
        assertEquals(
                3,
                rest.getJsonArray("events")
                        .getJsonObject(0)
                        .getJsonObject("data")
                        .getInt("number"));
        assertEquals(4, rest.getInt("next"));
        assertEquals(4, ask("events.replay", "{\"room\":\"r\",\"from\":4}").getInt("next"));
        assertEquals(-32602, refused("events.replay", "{\"room\":\"r\",\"from\":0}"));
    }

    @Test
    void whatWasChangedIsListedTheNewestFirstAndNoSecret() {
        ask("rooms.create", "{\"room\":\"r\",\"joinPassword\":\"horse\"}");
        ask("rooms.get", "{\"room\":\"r\"}");
        assertEquals(404, refused("rooms.lock", "{\"room\":\"none\"}"));

        JsonObject list = ask("audit.list", "{}");
        List<JsonObject> audits = list.getJsonArray("audits").getValuesAs(JsonObject.class);
        assertEquals(
                List.of("rooms.lock", "rooms.create"),
                audits.stream().map(audit -> audit.getString("command")).toList());
        assertEquals("done", audits.get(1).getString("result"));
        assertEquals("one", audits.get(1).getString("node"));
        assertEquals("***", audits.get(1).getJsonObject("params").getString("joinPassword"));
        assertFalse(audits.get(0).getString("result").equals("done"));
        assertEquals(List.of(), list.getJsonArray("silent"));
        assertEquals(
                1, ask("audit.list", "{\"limit\":1}").getJsonArray("audits").size());
        for (int i = 0; i < 600; i++) {
            ask("rooms.update", "{\"room\":\"r\",\"maxPeers\":" + (i + 1) + "}");
        }
        JsonObject newest =
                ask("audit.list", "{\"limit\":200}").getJsonArray("audits").getJsonObject(0);
        assertEquals("600", newest.getJsonObject("params").getString("maxPeers"));
    }

    @Test
    void nodesThatShareNoSecretDoNotTellWhoHasChangedWhat() {
        JsonObject list =
                new ManagedCluster(false).ask("audit.list", "{}").orElseThrow().getJsonObject("result");
        assertEquals("two", list.getJsonArray("silent").getString(0));
    }

    @Test
    void withoutAnIdNothingIsSaid() {
        FakeClient alice = noir.join(noir.two, "r", "alice");
        assertTrue(noir.say("{\"method\":\"peers.kick\",\"params\":{\"room\":\"r\",\"uid\":\"alice\"}}")
                .isEmpty());
        assertNotNull(alice.closed);
        assertNull(noir.join(noir.two, "r", "alice").closed);
    }
}
