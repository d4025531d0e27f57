package dev.noir.eventlog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Whether a log holds what is promised: numbers without a gap, and all in pairs. */
public final class LogCheck {
    private final Map<String, Set<String>> peers = new HashMap<>();
    private boolean open;

    private LogCheck() {}

    /** From its first event. */
    public static void check(List<LoggedEvent> log) {
        LogCheck check = new LogCheck();
        long number = 0;
        for (LoggedEvent event : log) {
            assertEquals(++number, event.number());
            check.check(event);
        }
    }

    /** As above, and nobody is in the room any more. */
    public static void checkEnded(List<LoggedEvent> log) {
        check(log);
        assertEquals("room.closed", log.get(log.size() - 1).type());
    }

    private void check(LoggedEvent event) {
        JsonObject json = Json.createReader(new StringReader(event.json())).readObject();
        JsonObject data = json.getJsonObject("data");
        String what = event.json();
        assertEquals(event.type(), json.getString("type"));
        assertEquals(event.number(), data.getJsonNumber("number").longValue());
        String peer = data.getString("peer", "");
        String track = data.containsKey("track") ? data.getJsonObject("track").toString() : "";
        switch (event.type()) {
            case "room.opened" -> {
                assertFalse(open, what);
                open = true;
            }
            case "room.closed" -> {
                assertEquals(Map.of(), peers, what);
                assertTrue(open, what);
                open = false;
            }
            case "peer.joined" -> assertEquals(null, peers.put(peer, new HashSet<>()), what);
            case "peer.left" -> assertEquals(Set.of(), peers.remove(peer), what);
            case "track.published" -> assertTrue(peers.get(peer).add(track), what);
            case "track.unpublished" -> assertTrue(peers.get(peer).remove(track), what);
            default -> assertTrue(open, what);
        }
    }
}
