package dev.noir.playing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The directory that files are played from. Nothing outside it can be, whatever a name says and wherever symbolic links lead. Thread: any;
 * it blocks.
 */
public final class PlayFolder {
    /** That are listed. */
    public static final int MAX_NAMES = 1000;

    private static final int MAX_NAME_CHARS = 1024;
    private static final int MAX_DEPTH = 8;
    private static final Set<String> ENDINGS = Set.of("webm", "mkv", "mka", "mp4", "ivf", "ogg", "oga", "opus");

    // Given.
    private final String directory;

    /** @param directory empty: nothing can be played */
    public PlayFolder(String directory) {
        this.directory = directory;
    }

    public boolean isOn() {
        return !directory.isEmpty();
    }

    /**
     * Opens a file.
     *
     * @param name below the directory, with slashes between folders
     * @throws MediaFileException there is none, or it cannot be played, in words
     */
    public FrameSource open(String name) throws IOException {
        return MediaFile.open(find(name));
    }

    /**
     * Where a file is, looked up anew.
     *
     * @param name as with {@link #open}
     * @return a regular file in the directory, without symbolic links
     * @throws MediaFileException there is none, in words
     */
    public Path find(String name) throws IOException {
        Path root = root();
        Path path;
        try {
            path = Path.of(name);
        } catch (InvalidPathException e) {
            throw none(name);
        }
        boolean plain = !name.isEmpty() && name.length() <= MAX_NAME_CHARS && !path.isAbsolute();
        for (Path part : path) {
            plain &= !part.toString().equals("..") && !part.toString().equals(".");
        }
        if (!plain) {
            throw none(name);
        }
        try {
            Path real = root.resolve(path).toRealPath();
            if (real.startsWith(root) && Files.isRegularFile(real, LinkOption.NOFOLLOW_LINKS)) {
                return real;
            }
        } catch (FileSystemException e) { // Not there, not to be read, or a loop of links.
            throw none(name);
        }
        throw none(name);
    }

    private Path root() throws IOException {
        if (!isOn()) {
            throw new MediaFileException("this server has no folder for playing");
        }
        try {
            return Path.of(directory).toRealPath();
        } catch (NoSuchFileException | InvalidPathException e) {
            throw new MediaFileException("the folder for playing is not there");
        }
    }

    private static MediaFileException none(String name) {
        return new MediaFileException("there is no file " + Printable.name(name) + " in the folder for playing");
    }

    /** Names that {@link #open} may take, by their endings, in order; those of hidden files and in hidden folders are left out. */
    public List<String> list() throws IOException {
        Path root = root();
        try (Stream<Path> files = Files.walk(root, MAX_DEPTH)) {
            return files.filter(file ->
                            isListed(root.relativize(file)) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> root.relativize(file).toString())
                    .limit(MAX_NAMES)
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static boolean isListed(Path file) {
        for (Path part : file) {
            if (part.toString().startsWith(".")) {
                return false;
            }
        }
        String name = file.toString().toLowerCase(Locale.ROOT);
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1));
    }
}
