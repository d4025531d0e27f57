package dev.noir.boot.launch;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The WAR as a directory of its own, deleted on close. Tomcat serves a directory several times faster than a WAR with
 * JARs in it, and a class loader cannot read a JAR inside a JAR at all.
 */
final class UnpackedWar implements AutoCloseable {
    private static final String PREFIX = "noir-";

    private final Path directory;

    private UnpackedWar(Path directory) {
        this.directory = directory;
    }

    static UnpackedWar unpack(Path war) {
        deleteLeftBehind();
        try {
            Path directory =
                    Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
            UnpackedWar unpacked = new UnpackedWar(directory);
            unpacked.copyFrom(war);
            Files.createDirectories(unpacked.work());
            return unpacked;
        } catch (IOException e) {
            throw new LaunchException("Cannot unpack " + war + ": " + e, e);
        }
    }

    Path webapp() {
        return directory.resolve("webapp");
    }

    Path work() {
        return directory.resolve("tomcat");
    }

    /** The server's JARs, which the application must not see as its own. */
    List<URL> serverJars() {
        List<URL> urls = new ArrayList<>();
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(webapp().resolve("WEB-INF/embed"), "*.jar")) {
            for (Path jar : jars) {
                urls.add(url(jar));
            }
        } catch (IOException e) {
            throw new LaunchException("The WAR has no WEB-INF/embed: it cannot be run by java -jar.", e);
        }
        return urls;
    }

    static URL url(Path file) {
        try {
            return file.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException(file.toString(), e);
        }
    }

    @Override
    public void close() {
        delete(directory);
    }

    private void copyFrom(Path war) throws IOException {
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(war))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                Path target = webapp().resolve(entry.getName()).normalize();
                if (!target.startsWith(webapp()) || entry.getName().startsWith("dev/")) {
                    continue;
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.resolveSibling("."));
                    Files.copy(in, target);
                }
            }
        }
    }

    /** A killed process cannot delete its directory; the next start does, told by the process id in the name. */
    private static void deleteLeftBehind() {
        Path parent = Path.of(System.getProperty("java.io.tmpdir"));
        try (DirectoryStream<Path> candidates = Files.newDirectoryStream(parent, PREFIX + "[0-9]*-*")) {
            for (Path candidate : candidates) {
                String name = String.valueOf(candidate.getFileName());
                String pid = name.substring(PREFIX.length(), name.indexOf('-', PREFIX.length()));
                if (pid.chars().allMatch(Character::isDigit)
                        && Files.isDirectory(candidate.resolve("tomcat"))
                        && ProcessHandle.of(Long.parseLong(pid)).isEmpty()) {
                    delete(candidate);
                }
            }
        } catch (IOException | NumberFormatException e) {
            // Somebody else's directory, or gone meanwhile: not worth a failed start.
            return;
        }
    }

    private static void delete(Path directory) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(
                        Path visited, @org.jspecify.annotations.Nullable IOException e) throws IOException {
                    Files.deleteIfExists(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot delete " + directory, e);
        }
    }
}
