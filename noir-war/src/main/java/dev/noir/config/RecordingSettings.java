package dev.noir.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where rooms are recorded to.
 *
 * @param directory empty: nothing is recorded
 * @param automatic names of rooms that are recorded without anybody asking for it; {@code *} stands for any characters
 * @param quota in bytes, of all recordings together; 0: as much as there is place for
 * @param free in bytes, that are left on the disk
 * @param keep for how long recordings stay; zero: for ever
 * @param mp4 files are fragmented MP4 where that has their codecs
 */
public record RecordingSettings(
        String directory, List<String> automatic, long quota, long free, Duration keep, boolean mp4) {
    private static final long MIB = 1 << 20;
    private static final int MAX_MIB = Integer.MAX_VALUE;

    static final Setting<String> DIRECTORY = new Setting<>("noir.recording.directory", "", false, text -> text);

    static final Setting<List<String>> AUTOMATIC =
            new Setting<>("noir.recording.automatic", "", false, Values.list(text -> text));

    /** In MiB. */
    static final Setting<Integer> QUOTA =
            new Setting<>("noir.recording.quota", "0", false, Values.wholeNumber(0, MAX_MIB));

    /** In MiB. */
    static final Setting<Integer> FREE =
            new Setting<>("noir.recording.free", "1024", false, Values.wholeNumber(0, MAX_MIB));

    /** In days. */
    static final Setting<Integer> KEEP =
            new Setting<>("noir.recording.keep", "0", false, Values.wholeNumber(0, 36_500));

    static final Setting<Boolean> FORMAT = new Setting<>(
            "noir.recording.format", "webm", false, Values.oneOf("webm", "mp4").andThen("mp4"::equals));

    static final List<Setting<?>> ALL = List.of(DIRECTORY, AUTOMATIC, QUOTA, FREE, KEEP, FORMAT);

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<RecordingSettings> load(NoirConfig.Reader reader) {
        Optional<String> directory = reader.read(DIRECTORY);
        Optional<List<String>> automatic = reader.read(AUTOMATIC);
        Optional<Integer> quota = reader.read(QUOTA);
        Optional<Integer> free = reader.read(FREE);
        Optional<Integer> keep = reader.read(KEEP);
        Optional<Boolean> mp4 = reader.read(FORMAT);
        if (directory.isEmpty()
                || automatic.isEmpty()
                || quota.isEmpty()
                || free.isEmpty()
                || keep.isEmpty()
                || mp4.isEmpty()) {
            return Optional.empty();
        }
        if (directory.get().isEmpty() && !automatic.get().isEmpty()) {
            reader.problem("noir.recording.automatic: needs noir.recording.directory");
        }
        return Optional.of(new RecordingSettings(
                directory.get(),
                automatic.get(),
                quota.get() * MIB,
                free.get() * MIB,
                Duration.ofDays(keep.get()),
                mp4.get()));
    }

    public boolean isOn() {
        return !directory.isEmpty();
    }
}
