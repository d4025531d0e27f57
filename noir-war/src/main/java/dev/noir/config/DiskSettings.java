package dev.noir.config;

import java.util.Optional;

/**
 * What files noiR has to do with.
 *
 * @param recording where rooms are recorded to
 * @param playing what can be played into rooms
 */
public record DiskSettings(RecordingSettings recording, PlayingSettings playing) {
    /** Empty when something is wrong, which the reader has noted. */
    static Optional<DiskSettings> load(NoirConfig.Reader reader) {
        Optional<RecordingSettings> recording = RecordingSettings.load(reader);
        Optional<PlayingSettings> playing = PlayingSettings.load(reader);
        return recording.flatMap(set -> playing.map(other -> new DiskSettings(set, other)));
    }
}
