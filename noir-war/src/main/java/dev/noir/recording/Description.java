package dev.noir.recording;

import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.util.List;

/**
 * What stands beside a file: whose it is, and what it holds.
 *
 * @param file its name
 * @param principal empty: anonymous
 * @param stream the id of the stream, as others in the room see it
 * @param part counts the files of one stream from 1
 * @param started when its first frame was captured, in ms since 1970
 * @param ended when its last one was; 0: it is being written, or was when the server died
 * @param why it has ended: {@code ended} with its tracks, {@code changed} when another part follows, {@code stopped} when it was to;
 *     empty while it has not
 * @param bytes of the file; 0 while it is being written
 * @param lostPackets of all tracks, that never came
 * @param droppedFrames that the disk was too slow for, or the file had no place for
 */
public record Description(
        String file,
        String node,
        String room,
        String peer,
        String principal,
        String stream,
        boolean screen,
        int part,
        long started,
        long ended,
        String why,
        long bytes,
        long lostPackets,
        int droppedFrames,
        List<TrackEntry> tracks) {
    private static final JsonProvider JSON = JsonProvider.provider();

    /**
     * One of its tracks, by number.
     *
     * @param width in pixels; 0: audio
     * @param frames of it in the file
     * @param lostPackets of it that never came
     */
    public record TrackEntry(String id, String codec, int width, int height, long frames, long lostPackets) {}

    /** @param counted its tracks, with what there is of them */
    Description ended(String how, long lengthMs, long size, int dropped, List<TrackEntry> counted) {
        return new Description(
                file,
                node,
                room,
                peer,
                principal,
                stream,
                screen,
                part,
                started,
                started + lengthMs,
                how,
                size,
                counted.stream().mapToLong(TrackEntry::lostPackets).sum(),
                dropped,
                counted);
    }

    String json() {
        JsonArrayBuilder array = JSON.createArrayBuilder();
        for (TrackEntry track : tracks) {
            JsonObjectBuilder entry =
                    JSON.createObjectBuilder().add("id", track.id).add("codec", track.codec);
            if (track.width > 0) {
                entry.add("width", track.width).add("height", track.height);
            }
            array.add(entry.add("frames", track.frames).add("lostPackets", track.lostPackets));
        }
        return JSON.createObjectBuilder()
                .add("file", file)
                .add("node", node)
                .add("room", room)
                .add("peer", peer)
                .add("principal", principal)
                .add("stream", stream)
                .add("screen", screen)
                .add("part", part)
                .add("started", started)
                .add("ended", ended)
                .add("why", why)
                .add("bytes", bytes)
                .add("lostPackets", lostPackets)
                .add("droppedFrames", droppedFrames)
                .add("tracks", array)
                .build()
                .toString();
    }

    /** @throws IllegalArgumentException when it is none */
    static Description read(String text) {
        try (JsonReader reader = JSON.createReader(new StringReader(text))) {
            JsonObject json = reader.readObject();
            return new Description(
                    json.getString("file"),
                    json.getString("node"),
                    json.getString("room"),
                    json.getString("peer"),
                    json.getString("principal"),
                    json.getString("stream"),
                    json.getBoolean("screen"),
                    json.getInt("part"),
                    json.getJsonNumber("started").longValueExact(),
                    json.getJsonNumber("ended").longValueExact(),
                    json.getString("why"),
                    json.getJsonNumber("bytes").longValueExact(),
                    json.getJsonNumber("lostPackets").longValueExact(),
                    json.getInt("droppedFrames"),
                    json.getJsonArray("tracks").getValuesAs(JsonObject.class).stream()
                            .map(track -> new TrackEntry(
                                    track.getString("id"),
                                    track.getString("codec"),
                                    track.getInt("width", 0),
                                    track.getInt("height", 0),
                                    track.getJsonNumber("frames").longValueExact(),
                                    track.getJsonNumber("lostPackets").longValueExact()))
                            .toList());
        } catch (JsonException
                | ClassCastException // A member is of another type.
                | NullPointerException // JSON-P: a member is missing.
                | ArithmeticException // A number is none of ours.
                | IllegalStateException e) { // JSON-P: an empty document.
            throw new IllegalArgumentException("not a recording's description: " + e.getMessage(), e);
        }
    }
}
