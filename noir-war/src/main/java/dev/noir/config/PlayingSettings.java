package dev.noir.config;

import java.util.List;
import java.util.Optional;

/**
 * What can be played into rooms.
 *
 * @param directory of files; empty: nothing is played
 */
public record PlayingSettings(String directory) {
    static final Setting<String> DIRECTORY = new Setting<>("noir.playing.directory", "", false, text -> text);

    static final List<Setting<?>> ALL = List.of(DIRECTORY);

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<PlayingSettings> load(NoirConfig.Reader reader) {
        return reader.read(DIRECTORY).map(PlayingSettings::new);
    }
}
