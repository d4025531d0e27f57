package dev.noir.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be played into rooms.
 *
 * @param directory of files; empty: none of our own are played
 * @param urls below which files of other hosts may be fetched, with a slash at the end; empty: none
 * @param privately also from hosts of our own network
 * @param fetched bytes that all files of others may take at once
 */
public record PlayingSettings(String directory, List<URI> urls, boolean privately, long fetched) {
    private static final long MIB = 1 << 20;

    static final Setting<String> DIRECTORY = new Setting<>("noir.playing.directory", "", false, text -> text);

    static final Setting<List<URI>> URLS =
            new Setting<>("noir.playing.urls", "", false, Values.list(PlayingSettings::url));

    static final Setting<Boolean> PRIVATE = new Setting<>(
            "noir.playing.private",
            "false",
            false,
            Values.oneOf("true", "false").andThen(Boolean::valueOf));

    /** In MiB. */
    static final Setting<Integer> FETCHED =
            new Setting<>("noir.playing.fetched", "1024", false, Values.wholeNumber(1, 1 << 20));

    static final List<Setting<?>> ALL = List.of(DIRECTORY, URLS, PRIVATE, FETCHED);

    private static URI url(String text) {
        try {
            URI url = URI.create(text);
            boolean http = "https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme());
            boolean folder = url.getRawPath() != null && url.getRawPath().endsWith("/");
            boolean more = url.getRawUserInfo() != null || url.getRawQuery() != null || url.getRawFragment() != null;
            if (http && folder && url.getHost() != null && !more) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            throw notAFolder(e);
        }
        throw notAFolder(null);
    }

    private static IllegalArgumentException notAFolder(@Nullable Throwable cause) {
        return new IllegalArgumentException("is not the URL of a folder, like https://media.example.org/films/", cause);
    }

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<PlayingSettings> load(NoirConfig.Reader reader) {
        Optional<String> directory = reader.read(DIRECTORY);
        Optional<List<URI>> urls = reader.read(URLS);
        Optional<Boolean> privately = reader.read(PRIVATE);
        Optional<Integer> fetched = reader.read(FETCHED);
        if (directory.isEmpty() || urls.isEmpty() || privately.isEmpty() || fetched.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new PlayingSettings(directory.get(), urls.get(), privately.get(), fetched.get() * MIB));
    }
}
