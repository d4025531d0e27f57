package dev.noir.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.access.Caller;
import dev.noir.room.Medium;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CommandAuditTest {
    @Test
    void aLineSaysWhoFromWhereWhatAndTheResultAndNoPassword() {
        RoomCommands.RoomSettings input = new RoomCommands.RoomSettings(
                "r\n\"x\"",
                Optional.of("Tea"),
                Optional.of(3),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(true),
                Optional.of("horse"),
                Optional.empty(),
                Optional.of("join = a\npublish = b"),
                Optional.of(true));
        Actor boss = new Actor(new Caller("boss", Set.of(), Caller.Means.TOKEN, "192.0.2.1"), "ws");

        assertEquals(
                "\"boss\" from 192.0.2.1 through ws: rooms.create room=\"r\uFFFD\\\"x\\\"\" title=\"Tea\" maxPeers=\"3\""
                        + " channel=\"true\" joinPassword=*** policy=\"join = a\uFFFDpublish = b\" record=\"true\": done",
                CommandAudit.line(boss, "rooms.create", input, "done"));
        assertEquals(
                Map.of("room", "r", "uid", "u", "kind", "audio", "squelched", "true"),
                CommandAudit.members(new PeerCommands.Squelch("r", "u", Optional.of(Medium.AUDIO), true)));
        assertEquals(
                "somebody with the admin token through rpc: rooms.lock room=\"r\": there is no such room",
                CommandAudit.line(
                        new Actor(Caller.ANONYMOUS, "rpc"),
                        "rooms.lock",
                        new RoomCommands.RoomName("r"),
                        "there is no such room"));
    }
}
