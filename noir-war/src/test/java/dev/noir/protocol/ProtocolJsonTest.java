package dev.noir.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.access.Grant;
import dev.noir.access.Grants;
import dev.noir.access.Password;
import dev.noir.room.Medium;
import dev.noir.room.ModerationCommand;
import dev.noir.room.ModerationResult;
import dev.noir.room.Notification;
import dev.noir.room.PeerName;
import dev.noir.room.Playing;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.RoomReport;
import jakarta.json.JsonObject;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As docs/protocol.md has it, and as nodes read it back. */
final class ProtocolJsonTest {
    private static final PeerName X = new PeerName("x \"ä\"");

    private static JsonObject json(String text) {
        return JsonProvider.provider()
                .createReader(new StringReader(text.replace('\'', '"')))
                .readObject();
    }

    @Test
    void commandsAreReadAsTheyWereWritten() {
        List<ModerationCommand> all = List.of(
                new ModerationCommand.Peers(),
                new ModerationCommand.Explain(Optional.empty()),
                new ModerationCommand.Explain(Optional.of(X)),
                new ModerationCommand.Lock(true),
                new ModerationCommand.Lobby(false),
                new ModerationCommand.RecordRoom(true),
                new ModerationCommand.Admit(X),
                new ModerationCommand.Kick(X, "why"),
                new ModerationCommand.Move(X, new RoomId("next door")),
                new ModerationCommand.Banish(X, Duration.ofDays(30), ""),
                new ModerationCommand.Unban("id"),
                new ModerationCommand.Squelch(true, X, Optional.empty(), Optional.empty()),
                new ModerationCommand.Squelch(false, X, Optional.of(Medium.VIDEO), Optional.empty()),
                new ModerationCommand.Squelch(true, X, Optional.empty(), Optional.of("{stream}")),
                new ModerationCommand.SquelchOthers(true, X, Optional.of(Medium.AUDIO)),
                new ModerationCommand.SquelchOthers(false, X, Optional.empty()),
                new ModerationCommand.SetGrants(X, Grants.MEMBER),
                new ModerationCommand.Subscribe(List.of(
                        new ModerationCommand.Subscribe.Choice("t", true, false, "h"),
                        new ModerationCommand.Subscribe.Choice("u", false, true, ""))));
        for (ModerationCommand command : all) {
            assertEquals(command, CommandJson.read(CommandJson.method(command), CommandJson.params(command)));
            assertTrue(CommandJson.METHODS.contains(CommandJson.method(command)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "lock|{}|locked must be true or false",
                "lock|{'locked':'true'}|locked must be true or false",
                "admit|{}|uid is missing",
                "admit|{'uid':7}|uid must be a string of at most 128 characters",
                "move|{'uid':'x'}|to is missing",
                "ban|{'uid':'x'}|seconds must be a whole number from 1 to 2592000",
                "ban|{'uid':'x','seconds':0}|seconds must be a whole number from 1 to 2592000",
                "ban|{'uid':'x','seconds':2592001}|seconds must be a whole number from 1 to 2592000",
                "ban|{'uid':'x','seconds':1.5}|seconds must be a whole number from 1 to 2592000",
                "ban|{'uid':'x','seconds':1e99}|seconds must be a whole number from 1 to 2592000",
                "squelch|{'uid':'x','kind':'screen'}|kind must be \"audio\" or \"video\"",
                "squelch|{'uid':'x','kind':'audio','stream':'s'}|there can be a kind or a stream",
                "squelch|{'uid':'x','except':'y'}|except stands alone, or with kind",
                "grant|{'uid':'x','grants':'join'}|grants must be a list",
                "grant|{'uid':'x','grants':[1]}|grants must be a list of strings",
                "grant|{'uid':'x','grants':['fly']}|grants holds a grant that does not exist"
            })
    void whatIsWrongIsNamed(String method, String params, String message) {
        assertEquals(
                message,
                assertThrows(BadJson.class, () -> CommandJson.read(method, json(params)))
                        .getMessage());
    }

    @Test
    void aNameIsStillAName() {
        assertThrows(RoomException.class, () -> CommandJson.read("kick", json("{'uid':'a\\nb'}")));
    }

    @Test
    void notificationsLookAsDescribed() {
        assertNotification(
                new Notification.GrantsChanged(Grants.NONE.with(Grant.SUBSCRIBE).with(Grant.JOIN), true),
                "grants",
                "{'grants':['join','subscribe'],'waiting':true}");
        assertNotification(
                new Notification.SquelchChanged(true, Set.of(Medium.VIDEO, Medium.AUDIO), Set.of()),
                "squelched",
                "{'kinds':['audio','video'],'streams':[],'squelched':true}");
        assertNotification(
                new Notification.SquelchChanged(false, Set.of(), Set.of("b", "a")),
                "squelched",
                "{'kinds':[],'streams':['a','b'],'squelched':false}");
        assertNotification(
                new Notification.TracksChanged(
                        true,
                        new PeerName("x"),
                        List.of(new Notification.TracksChanged.TrackInfo(
                                "t", "s", Medium.VIDEO, false, List.of("q", "h")))),
                "tracks",
                "{'state':'add','uid':'x','tracks':[{'id':'t','stream':'s','kind':'video','screen':false,'layers':['q','h']}]}");
        assertNotification(
                new Notification.Refused(Grant.PUBLISH_SCREEN, "no"), "refused", "{'kind':'screen','reason':'no'}");
        assertNotification(
                new Notification.RoomChanged(
                        true,
                        false,
                        List.of(
                                new Notification.Waiting(new PeerName("x"), ""),
                                new Notification.Waiting(new PeerName("y"), "bob"))),
                "room",
                "{'locked':true,'lobby':false,'recordable':false,'waiting':[{'uid':'x'},{'uid':'y','principal':'bob'}]}");
        assertNotification(
                new Notification.SentTo(new RoomId("next door"), Password.NONE), "moved", "{'sid':'next door'}");
        assertNotification(
                new Notification.SentTo(new RoomId("next door"), new Password("sesame")),
                "moved",
                "{'sid':'next door','password':'sesame'}");
        assertNotification(
                new Notification.PlayingMoved(new Playing("f.webm", -1, 1500, true)),
                "playing",
                "{'file':'f.webm','repeat':-1,'position':1500,'paused':true}");
        assertNotification(new Notification.RecordingChanged(true, ""), "recording", "{'recorded':true}");
        assertNotification(new Notification.StreamingChanged(true), "streaming", "{'streamed':true}");
        assertNotification(
                new Notification.RecordingChanged(false, "full"), "recording", "{'recorded':false,'reason':'full'}");
        assertNotification(new Notification.ResumeSecret("s3"), "resume", "{'secret':'s3'}");
    }

    private static void assertNotification(Notification notification, String method, String params) {
        assertEquals(method, NotificationJson.method(notification));
        assertEquals(
                json(params).toString(), NotificationJson.params(notification).toString());
        assertEquals(notification, NotificationJson.read(method, json(params)));
    }

    @Test
    void anExplanationIsReadAsItWasWritten() {
        Map<String, Object> tree = Map.of(
                "peers", List.of(Map.of("uid", "x", "loss", 2.5, "packets", 1L << 40, "sending", true, "encoding", 2)));
        JsonObject written = ResultJson.of(new ModerationResult.Explained(tree));
        assertEquals(
                json("{'peers':[{'uid':'x','loss':2.5,'packets':1099511627776,'sending':true,'encoding':2}]}"),
                written);
        ModerationResult read = ResultJson.read(new ModerationCommand.Explain(Optional.empty()), written);
        assertEquals(written, ResultJson.of(read));
    }

    @Test
    void aReportLooksAsDescribedAndIsReadAgain() {
        RoomReport report = new RoomReport(
                true,
                false,
                List.of(
                        new RoomReport.PeerReport(
                                new PeerName("x"),
                                "CN=a very long name of somebody, " + "OU=unit,".repeat(100),
                                true,
                                Grants.NONE.with(Grant.JOIN),
                                Set.of(Medium.AUDIO),
                                List.of(new RoomReport.StreamReport("s", Medium.VIDEO, true, true))),
                        new RoomReport.PeerReport(
                                new PeerName("bot"), "bot", false, Grants.NONE, Set.of(), List.of(), true)),
                List.of(new RoomReport.BanReport("id", "y", "", Instant.ofEpochMilli(1_900_000_000_123L))));
        JsonObject written = ResultJson.of(report);

        assertEquals(
                "{\"uid\":\"y\",\"id\":\"id\",\"until\":1900000000123}",
                written.getJsonArray("bans").get(0).toString());
        assertEquals(
                "[{\"id\":\"s\",\"kind\":\"video\",\"screen\":true,\"squelched\":true}]",
                written.getJsonArray("peers").getJsonObject(0).get("streams").toString());
        assertFalse(written.getJsonArray("peers").getJsonObject(0).containsKey("attends"));
        assertTrue(written.getJsonArray("peers").getJsonObject(1).getBoolean("attends"));
        assertEquals(report, ResultJson.read(new ModerationCommand.Peers(), written));
    }

    @Test
    void otherResultsAreShort() {
        assertEquals("{}", ResultJson.of(new ModerationResult.Done()).toString());
        ModerationResult banned = new ModerationResult.Banned("7");
        assertEquals("{\"id\":\"7\"}", ResultJson.of(banned).toString());
        ModerationCommand ban = new ModerationCommand.Banish(X, Duration.ofSeconds(1), "");
        assertEquals(banned, ResultJson.read(ban, ResultJson.of(banned)));
        assertThrows(BadJson.class, () -> ResultJson.read(ban, json("{}")));
    }
}
