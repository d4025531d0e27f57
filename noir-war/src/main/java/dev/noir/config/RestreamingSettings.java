package dev.noir.config;

import java.util.List;
import java.util.Optional;

/**
 * What may be sent out of rooms.
 *
 * @param ffmpeg path of the program; empty: nothing is sent
 * @param targets names of hosts that may be sent to; {@code *} stands for any characters; empty: all
 * @param privately also hosts of our own network
 * @param streams at once
 * @param hlsDirectory where what players get is written; empty: there is no HLS
 */
public record RestreamingSettings(
        String ffmpeg, List<String> targets, boolean privately, int streams, String hlsDirectory) {
    static final Setting<String> FFMPEG = new Setting<>("noir.restreaming.ffmpeg", "", false, text -> text);

    static final Setting<List<String>> TARGETS =
            new Setting<>("noir.restreaming.targets", "", false, Values.list(Values.lowerCase()));

    static final Setting<Boolean> PRIVATE = new Setting<>(
            "noir.restreaming.private",
            "false",
            false,
            Values.oneOf("true", "false").andThen(Boolean::valueOf));

    static final Setting<Integer> STREAMS =
            new Setting<>("noir.restreaming.streams", "8", false, Values.wholeNumber(1, 100));

    static final Setting<String> HLS_DIRECTORY =
            new Setting<>("noir.restreaming.hls.directory", "", false, text -> text);

    static final List<Setting<?>> ALL = List.of(FFMPEG, TARGETS, PRIVATE, STREAMS, HLS_DIRECTORY);

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<RestreamingSettings> load(NoirConfig.Reader reader) {
        Optional<String> ffmpeg = reader.read(FFMPEG);
        Optional<List<String>> targets = reader.read(TARGETS);
        Optional<Boolean> privately = reader.read(PRIVATE);
        Optional<Integer> streams = reader.read(STREAMS);
        Optional<String> hls = reader.read(HLS_DIRECTORY);
        if (hls.isEmpty() || ffmpeg.isEmpty() || targets.isEmpty() || privately.isEmpty() || streams.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new RestreamingSettings(ffmpeg.get(), targets.get(), privately.get(), streams.get(), hls.get()));
    }
}
