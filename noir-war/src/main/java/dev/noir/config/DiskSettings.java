package dev.noir.config;

import java.util.Optional;

/**
 * What media of rooms is made of, and where it comes from, beside who is in them.
 *
 * @param recording where rooms are recorded to
 * @param playing what can be played into rooms
 * @param restreaming what may be sent out of them
 * @param bots what bots are made of
 */
public record DiskSettings(
        RecordingSettings recording, PlayingSettings playing, RestreamingSettings restreaming, BotSettings bots) {
    /** Empty when something is wrong, which the reader has noted. */
    static Optional<DiskSettings> load(NoirConfig.Reader reader) {
        Optional<RecordingSettings> recording = RecordingSettings.load(reader);
        Optional<PlayingSettings> playing = PlayingSettings.load(reader);
        Optional<RestreamingSettings> restreaming = RestreamingSettings.load(reader);
        Optional<BotSettings> bots = BotSettings.load(reader);
        if (recording.isEmpty() || playing.isEmpty() || restreaming.isEmpty() || bots.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new DiskSettings(recording.get(), playing.get(), restreaming.get(), bots.get()));
    }
}
