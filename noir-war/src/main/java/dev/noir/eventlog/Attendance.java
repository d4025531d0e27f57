package dev.noir.eventlog;

import dev.noir.event.Track;
import java.util.List;

/**
 * A peer of whom the log says that it is in the room.
 *
 * @param principal empty: anonymous
 * @param tracks that it sends
 */
public record Attendance(String principal, List<Track> tracks) {
    public Attendance {
        tracks = List.copyOf(tracks);
    }
}
