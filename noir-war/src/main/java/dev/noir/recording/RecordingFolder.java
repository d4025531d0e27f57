package dev.noir.recording;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * The directory of recordings: a folder for each room, in it files with their descriptions. Several nodes may share it. Thread: any;
 * it blocks.
 */
final class RecordingFolder {
    private static final Logger LOG = System.getLogger(RecordingFolder.class.getName());

    static final String DESCRIBED = ".json";
    private static final Duration UNUSED = Duration.ofHours(1);
    private static final long MAX_DESCRIPTION_BYTES = 65_536;
    private static final Set<PosixFilePermission> OWNER = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWNER_FOLDER = PosixFilePermissions.fromString("rwx------");

    /**
     * How much there may be of recordings.
     *
     * @param quota in bytes, of all together; 0: as much as there is place for
     * @param free in bytes, that are left on the disk
     * @param keep for how long after its end a recording stays; zero: for ever
     */
    record Limits(long quota, long free, Duration keep) {}

    // Given.
    private final Path directory;
    private final Limits limits;
    private final LongConsumer written;

    // State. As of the last look, with what has been written since.
    private final AtomicLong used = new AtomicLong();

    /** @param written counts bytes */
    RecordingFolder(Path directory, Limits limits, LongConsumer written) {
        this.directory = directory;
        this.limits = limits;
        this.written = written;
    }

    /** @throws RecordingException when nothing can be recorded now */
    void check() throws IOException {
        Files.createDirectories(directory);
        if (!Files.isWritable(directory)) {
            throw new RecordingException("the directory of recordings is not writable");
        }
        checkPlace();
    }

    /** So much has been written. */
    void count(long bytes) {
        written.accept(bytes);
        used.addAndGet(bytes);
    }

    /** @throws RecordingException when nothing more may be written */
    void checkPlace() throws IOException {
        if (limits.quota() > 0 && used.get() > limits.quota()) {
            throw new RecordingException("recordings have used up the place they may have");
        }
        // Once per cluster: Files.getFileStore reads all that is mounted each time.
        if (directory.toFile().getUsableSpace() < limits.free()) {
            throw new RecordingException("the disk for recordings is full");
        }
    }

    /** The folder of a room, which is there afterwards. */
    Path room(String room) throws IOException {
        Path folder = directory.resolve(FileNames.of(room));
        Files.createDirectories(folder);
        protect(folder, OWNER_FOLDER);
        return folder;
    }

    SeekableByteChannel create(Path path) throws IOException {
        SeekableByteChannel channel =
                Files.newByteChannel(path, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
        protect(path, OWNER);
        return channel;
    }

    /** Only who the server runs as shall hear what people said. Where there are no such permissions, the directory's hold. */
    private static void protect(Path path, Set<PosixFilePermission> permissions) throws IOException {
        try {
            Files.setPosixFilePermissions(path, permissions);
        } catch (UnsupportedOperationException e) {
            LOG.log(Level.DEBUG, "permissions are the directory's", e);
        }
    }

    /** Writes the description of a file, in the place of the one before. */
    void describe(Path media, Description description) throws IOException {
        Path path = described(media);
        Path fresh = path.resolveSibling(path.getFileName() + "~");
        Files.writeString(fresh, description.json(), StandardCharsets.UTF_8);
        protect(fresh, OWNER);
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path described(Path media) {
        return media.resolveSibling(media.getFileName() + DESCRIBED);
    }

    void note(Path path, IOException e) {
        LOG.log(Level.WARNING, path + ": " + e.getMessage());
    }

    /** Those of a room, the newest first. */
    List<Description> list(String room, int limit) throws IOException {
        return list(directory.resolve(FileNames.of(room)), limit, new ArrayList<>());
    }

    /** Those of all rooms, the newest first. */
    List<Description> list(int limit) throws IOException {
        List<Description> found = new ArrayList<>();
        for (Path folder : children(directory)) {
            list(folder, limit, found);
        }
        return newest(found, limit);
    }

    private static List<Description> list(Path folder, int limit, List<Description> found) throws IOException {
        List<Path> files = new ArrayList<>(children(folder));
        files.removeIf(file -> !file.toString().endsWith(DESCRIBED));
        // Names begin with the time.
        files.sort(Comparator.comparing(Path::getFileName).reversed());
        int read = 0;
        for (int i = 0; i < files.size() && read < limit; i++) {
            Optional<Description> description = read(files.get(i));
            description.ifPresent(found::add);
            read += description.isPresent() ? 1 : 0;
        }
        return newest(found, limit);
    }

    /** Empty: it is none, or gone. */
    private static Optional<Description> read(Path file) throws IOException {
        try {
            return Files.size(file) > MAX_DESCRIPTION_BYTES
                    ? Optional.empty()
                    : Optional.of(Description.read(Files.readString(file)));
        } catch (NoSuchFileException | CharacterCodingException | IllegalArgumentException e) {
            LOG.log(Level.DEBUG, () -> file + ": " + e.getMessage());
            return Optional.empty();
        }
    }

    private static List<Description> newest(List<Description> found, int limit) {
        return found.stream()
                .sorted(Comparator.comparingLong(Description::started).reversed())
                .limit(limit)
                .toList();
    }

    private static List<Path> children(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    /** Deletes what has been kept for long enough, and looks how much the rest is. */
    void sweep(Instant now) throws IOException {
        long bytes = 0;
        for (Path folder : children(directory)) {
            if (!Files.isDirectory(folder)) {
                continue;
            }
            for (Path file : children(folder)) {
                bytes += sweep(file, now);
            }
            if (Files.getLastModifiedTime(folder).toInstant().plus(UNUSED).isBefore(now)) {
                deleteEmpty(folder);
            }
        }
        used.set(bytes);
    }

    private static void deleteEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            LOG.log(Level.TRACE, () -> folder + " is not empty");
        }
    }

    private long sweep(Path file, Instant now) throws IOException {
        try {
            Instant changed = Files.getLastModifiedTime(file).toInstant();
            if (!limits.keep().isZero() && changed.plus(limits.keep()).isBefore(now)) {
                LOG.log(Level.INFO, () -> file + " is deleted, it is older than " + limits.keep());
                Files.delete(file);
                return 0;
            }
            return Files.size(file);
        } catch (NoSuchFileException e) {
            return 0; // Another node has been here.
        }
    }
}
