package dev.noir.eventlog;

import dev.noir.event.EventsLost;
import dev.noir.event.JobFailed;
import dev.noir.event.PeerEvent;
import dev.noir.event.PeerGranted;
import dev.noir.event.PeerJoined;
import dev.noir.event.PeerLeft;
import dev.noir.event.PeerMoved;
import dev.noir.event.PeerSquelched;
import dev.noir.event.RoomClosed;
import dev.noir.event.RoomEvent;
import dev.noir.event.RoomLocked;
import dev.noir.event.RoomMoved;
import dev.noir.event.RoomOpened;
import dev.noir.event.RoomRecorded;
import dev.noir.event.Track;
import dev.noir.event.TrackEvent;
import dev.noir.event.TrackPublished;
import dev.noir.event.TrackUnpublished;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.spi.JsonProvider;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;

/**
 * Events as JSON, the same in the store, for webhooks and at every door; the shape is that of a Standard Webhooks payload. Thread:
 * any.
 */
final class EventJson {
    private static final JsonProvider JSON = JsonProvider.provider();

    private static final Map<Class<? extends RoomEvent>, String> TYPES = Map.ofEntries(
            Map.entry(RoomOpened.class, "room.opened"),
            Map.entry(RoomMoved.class, "room.moved"),
            Map.entry(RoomLocked.class, "room.locked"),
            Map.entry(RoomRecorded.class, "room.recorded"),
            Map.entry(RoomClosed.class, "room.closed"),
            Map.entry(PeerJoined.class, "peer.joined"),
            Map.entry(PeerGranted.class, "peer.granted"),
            Map.entry(PeerSquelched.class, "peer.squelched"),
            Map.entry(PeerMoved.class, "peer.moved"),
            Map.entry(PeerLeft.class, "peer.left"),
            Map.entry(TrackPublished.class, "track.published"),
            Map.entry(TrackUnpublished.class, "track.unpublished"),
            Map.entry(JobFailed.class, "job.failed"),
            Map.entry(EventsLost.class, "events.lost"));

    private EventJson() {}

    static boolean isKnown(RoomEvent event) {
        return TYPES.containsKey(event.getClass());
    }

    /** @throws IllegalArgumentException for one of a kind that is not known here */
    static String type(RoomEvent event) {
        String type = TYPES.get(event.getClass());
        if (type == null) {
            throw new IllegalArgumentException("no event of the log: " + event.getClass());
        }
        return type;
    }

    static String write(long number, Instant time, RoomEvent event) {
        return JSON.createObjectBuilder()
                .add("type", type(event))
                .add("timestamp", time.truncatedTo(ChronoUnit.MILLIS).toString())
                .add("data", data(number, event))
                .build()
                .toString();
    }

    private static JsonObjectBuilder data(long number, RoomEvent event) {
        JsonObjectBuilder data =
                JSON.createObjectBuilder().add("room", event.room()).add("number", number);
        if (event instanceof PeerEvent peer) {
            data.add("peer", peer.peer()).add("principal", peer.principal());
        }
        if (event instanceof TrackEvent track) {
            data.add("track", track(track.track()));
        } else if (event instanceof PeerGranted granted) {
            data.add("grants", array(granted.grants())).add("waiting", granted.waiting());
        } else if (event instanceof PeerSquelched squelched) {
            data.add("kinds", array(squelched.kinds())).add("streams", array(squelched.streams()));
        } else if (event instanceof PeerMoved moved) {
            data.add("to", moved.to());
        } else if (event instanceof RoomLocked room) {
            data.add("locked", room.locked());
        } else if (event instanceof RoomRecorded room) {
            data.add("recorded", room.recorded());
        } else if (event instanceof JobFailed failed) {
            data.add("job", failed.job()).add("kind", failed.kind()).add("failure", failed.failure());
        } else if (event instanceof EventsLost lost) {
            data.add("count", lost.count());
        }
        return data;
    }

    private static JsonObjectBuilder track(Track track) {
        return JSON.createObjectBuilder()
                .add("stream", track.stream())
                .add("id", track.id())
                .add("kind", track.kind());
    }

    private static JsonArrayBuilder array(Collection<String> texts) {
        JsonArrayBuilder array = JSON.createArrayBuilder();
        texts.forEach(array::add);
        return array;
    }
}
