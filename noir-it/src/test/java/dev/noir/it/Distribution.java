package dev.noir.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * A server as its makers publish it on Maven Central. The archive stays in Maven's own repository; what is in it is unpacked
 * once for all clones of noiR, below the user's cache directory. Thread: the tests'.
 *
 * @param group for example {@code org.wildfly}
 * @param artifact for example {@code wildfly-dist}
 * @param type the archive's extension, {@code zip} or {@code jar}
 */
record Distribution(String group, String artifact, String version, String type) {

    /** The one that the system property names as {@code group:artifact:version:type}; noir-it/pom.xml has them all. */
    static Distribution of(String property) {
        String coordinates = System.getProperty(property);
        if (coordinates == null) {
            throw new IllegalStateException(property + " is not set: run the tests by Maven");
        }
        String[] parts = coordinates.split(":", -1);
        return new Distribution(parts[0], parts[1], parts[2], parts[3]);
    }

    /** The archive itself, fetched by Maven when its repository has not got it yet. */
    Path archive() throws IOException, InterruptedException {
        Path file = Path.of(System.getProperty("noir.it.repository"))
                .resolve(group.replace('.', '/'))
                .resolve(artifact)
                .resolve(version)
                .resolve(artifact + "-" + version + "." + type);
        if (!Files.exists(file)) {
            fetch();
        }
        return file;
    }

    /** The one folder that is in the archive. Never write there: other test runs use it, too. */
    Path home() throws IOException, InterruptedException {
        Path unpacked = cache().resolve(artifact + "-" + version);
        if (!Files.exists(unpacked)) {
            Path archive = archive();
            Path partial = Files.createTempDirectory(Files.createDirectories(cache()), artifact + "-part-");
            unzip(archive, partial);
            publish(partial, unpacked);
        }
        try (Stream<Path> inside = Files.list(unpacked)) {
            return inside.filter(Files::isDirectory).findFirst().orElseThrow();
        }
    }

    private static Path cache() {
        String xdg = System.getenv("XDG_CACHE_HOME");
        Path caches = xdg == null || xdg.isEmpty() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return caches.resolve("noir/servers");
    }

    private void fetch() throws IOException, InterruptedException {
        Process maven = new ProcessBuilder(
                        Path.of(System.getProperty("noir.it.maven"), "bin", "mvn")
                                .toString(),
                        "-B",
                        "-ntp",
                        "-q",
                        "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:get",
                        "-Dtransitive=false",
                        "-Dmaven.repo.local=" + System.getProperty("noir.it.repository"),
                        "-Dartifact=" + String.join(":", group, artifact, version, type))
                .redirectErrorStream(true)
                .start();
        String printed = new String(maven.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (maven.waitFor() != 0) {
            throw new IOException("Maven could not fetch " + this + ":\n" + printed);
        }
    }

    /** All or nothing, also when another test run does the same at this moment: the first one wins. */
    private static void publish(Path partial, Path unpacked) throws IOException {
        try {
            Files.move(partial, unpacked, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw e;
        } catch (FileSystemException e) {
            deleteAll(partial);
            if (!Files.exists(unpacked)) {
                throw e;
            }
        }
    }

    private static void unzip(Path archive, Path into) throws IOException {
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                Path target = into.resolve(entry.getName()).normalize();
                if (!target.startsWith(into)) {
                    throw new IOException(entry + " would be unpacked outside " + into);
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                    continue;
                }
                Files.createDirectories(target.getParent());
                try (InputStream content = zip.getInputStream(entry)) {
                    Files.copy(content, target);
                } catch (FileAlreadyExistsException e) {
                    continue; // Some archives have an entry twice.
                }
                if (isScript(target)) {
                    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
    }

    /** java.util.zip does not tell which entries are executable. */
    private static boolean isScript(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            return List.of((int) '#', (int) '!').equals(List.of(content.read(), content.read()));
        }
    }

    static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.deleteIfExists(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
