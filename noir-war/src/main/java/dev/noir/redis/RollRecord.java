package dev.noir.redis;

import dev.noir.event.Track;
import dev.noir.eventlog.Attendance;
import dev.noir.eventlog.Roll;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonReaderFactory;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A {@link Roll} as the fields of a hash: {@code last}, {@code open} (1), {@code epoch} of who wrote last, and for each peer
 * {@code p:} and its name, with principal and tracks as JSON. Thread: any.
 */
final class RollRecord {
    static final String OPEN = "open";
    static final String PEER = "p:";

    private static final Logger LOG = System.getLogger(RollRecord.class.getName());
    private static final JsonProvider JSON = JsonProvider.provider();
    private static final JsonReaderFactory READERS = JSON.createReaderFactory(Map.of());

    private RollRecord() {}

    /** @param fields name, value, name, … */
    static Roll read(List<String> fields) {
        long last = 0;
        boolean open = false;
        Map<String, Attendance> peers = new HashMap<>();
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            String name = fields.get(i);
            String value = fields.get(i + 1);
            if (name.equals("last")) {
                last = Long.parseLong(value);
            } else if (name.equals(OPEN)) {
                open = true;
            } else if (name.startsWith(PEER)) {
                peers.put(name.substring(PEER.length()), attendance(value));
            }
        }
        return new Roll(last, open, peers);
    }

    private static Attendance attendance(String text) {
        try (JsonReader reader = READERS.createReader(new StringReader(text))) {
            JsonObject json = reader.readObject();
            List<Track> tracks = new ArrayList<>();
            for (JsonObject track : json.getJsonArray("tracks").getValuesAs(JsonObject.class)) {
                tracks.add(new Track(track.getString("stream"), track.getString("id"), track.getString("kind")));
            }
            return new Attendance(json.getString("principal"), tracks);
        } catch (JsonException | ClassCastException | NullPointerException e) {
            // It has to leave all the same, by the name that the field has.
            LOG.log(Level.WARNING, "Somebody of a room''s roll cannot be read: {0}", e.getMessage());
            return new Attendance("", List.of());
        }
    }

    static String write(Attendance attendance) {
        JsonArrayBuilder tracks = JSON.createArrayBuilder();
        for (Track track : attendance.tracks()) {
            tracks.add(JSON.createObjectBuilder()
                    .add("stream", track.stream())
                    .add("id", track.id())
                    .add("kind", track.kind()));
        }
        return JSON.createObjectBuilder()
                .add("principal", attendance.principal())
                .add("tracks", tracks)
                .build()
                .toString();
    }
}
