package dev.noir.restreaming;

import dev.noir.room.RoomId;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What there is of a stream for players: a folder, and in it one for each program that has written, of which the last two are kept.
 * Thread: any; it blocks.
 */
public final class HlsFolder {
    private static final Pattern RUN = Pattern.compile("\\d{1,9}");
    private static final Pattern FILE = Pattern.compile("init\\.mp4|\\d{1,9}\\.m4s");
    private static final String MARK = ".noir-hls"; // What has it may be deleted.
    private static final long MAX_PLAYLIST = 64 << 10;

    /** In each run's folder, by the program. */
    static final String PLAYLIST = "index.m3u8";

    // Given.
    private final Path folder;
    private final Optional<RoomId> askedRoom;

    // State. Guarded by `this`.
    private final List<Integer> runs = new ArrayList<>();
    private int begun;
    private long gone;
    private int runsGone;

    /** @param askedRoom whose rules say who may watch; empty: everybody is told its address, and nothing keeps them out */
    HlsFolder(Path folder, Optional<RoomId> askedRoom) {
        this.folder = folder;
        this.askedRoom = askedRoom;
    }

    Optional<RoomId> askedRoom() {
        return askedRoom;
    }

    /** Where the next program is to write. */
    synchronized Path begin() throws IOException {
        Files.createDirectories(folder);
        if (begun == 0) {
            Files.write(folder.resolve(MARK), new byte[0]);
        }
        while (runs.size() > 1) {
            int oldest = runs.remove(0);
            HlsRun run = read(oldest);
            gone += run.end();
            runsGone += run.end() == 0 ? 0 : 1;
            delete(folder.resolve(Integer.toString(oldest)));
        }
        runs.add(++begun);
        return Files.createDirectories(folder.resolve(Integer.toString(begun)));
    }

    private HlsRun read(int run) throws IOException {
        Path file = folder.resolve(Integer.toString(run)).resolve(PLAYLIST);
        try {
            return HlsRun.read(run, Files.size(file) > MAX_PLAYLIST ? "" : Files.readString(file));
        } catch (NoSuchFileException e) {
            return new HlsRun(run, 0, List.of()); // It has not written anything yet.
        }
    }

    /** By now; empty: there is nothing to play yet. */
    public synchronized String playlist() throws IOException {
        List<HlsRun> known = new ArrayList<>();
        for (int run : runs) {
            known.add(read(run));
        }
        return HlsPlaylist.of(gone, runsGone, known);
    }

    /** A file that the playlist names, by the two parts of its name; empty: there can't be one. */
    public Optional<Path> file(String run, String name) {
        return RUN.matcher(run).matches() && FILE.matcher(name).matches()
                ? Optional.of(folder.resolve(run).resolve(name))
                : Optional.empty();
    }

    void delete() throws IOException {
        delete(folder);
    }

    /** What a server that has died has left. */
    static void sweep(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(directory)) {
            for (Path each : folders) {
                if (Files.exists(each.resolve(MARK))) {
                    delete(each);
                }
            }
        }
    }

    private static void delete(Path tree) throws IOException {
        List<Path> all;
        try (Stream<Path> found = Files.walk(tree)) {
            all = found.sorted(Comparator.reverseOrder()).toList();
        } catch (NoSuchFileException e) {
            return;
        }
        for (Path each : all) {
            Files.deleteIfExists(each);
        }
    }
}
