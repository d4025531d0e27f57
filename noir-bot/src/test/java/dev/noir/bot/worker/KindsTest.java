package dev.noir.bot.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bot.Bot;
import dev.noir.bot.BotKind;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KindsTest {
    private static final String SERVICE = "META-INF/services/dev.noir.bot.BotKind";

    @TempDir
    Path folder;

    /** An application's: asks for the file that an option names, and does nothing. */
    public static final class Reader implements BotKind {
        @Override
        public String name() {
            return "reader";
        }

        @Override
        public Bot make(Map<String, String> options, BotKind.Files files) {
            assertEquals("it", contents(files.named(options.get("file"))));
            return room -> {};
        }

        private static String contents(Path file) {
            try {
                return java.nio.file.Files.readString(file);
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Another one of ours. */
    public static final class Twin implements BotKind {
        @Override
        public String name() {
            return "echo";
        }

        @Override
        public Bot make(Map<String, String> options, BotKind.Files files) {
            throw new AssertionError();
        }
    }

    private Path jar(String name, Class<?> kind) throws IOException {
        Path jar = Files.createDirectories(folder.resolve("jars")).resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar))) {
            zip.putNextEntry(new ZipEntry(SERVICE));
            zip.write(kind.getName().getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    private static Stay stay(String kind, String file) {
        return new Stay(
                kind, URI.create("ws://a/ws"), "r", "u", Optional.of("secret"), Optional.empty(), Map.of("file", file));
    }

    @Test
    void oursAreThereWithoutAnything() throws IOException {
        assertEquals(
                List.of("announcer", "echo"), Kinds.load("", Optional.empty()).names());
    }

    @Test
    void thoseOfAJarAndOfAFolderOfJarsAreFound() throws IOException {
        Path jar = jar("reader.jar", Reader.class);
        for (Path entry : List.of(jar, jar.getParent())) {
            Kinds kinds = Kinds.load(entry.toString(), Optional.empty());
            assertEquals(List.of("announcer", "echo", "reader"), kinds.names());
        }
    }

    @Test
    void whatIsNotThereOrThereTwiceOrNoKindIsAnError() throws IOException {
        String gone = folder.resolve("gone.jar").toString();
        assertThrows(IOException.class, () -> Kinds.load(gone, Optional.empty()));
        String twin = jar("twin.jar", Twin.class).toString();
        assertThrows(IOException.class, () -> Kinds.load(twin, Optional.empty()));
        String other = jar("other.jar", Stay.class).toString();
        assertThrows(IOException.class, () -> Kinds.load(other, Optional.empty()));
    }

    @Test
    void filesAreThoseInTheFolderWhereverLinksLead() throws IOException {
        Path files = Files.createDirectories(folder.resolve("files"));
        Files.writeString(files.resolve("in"), "it");
        Files.writeString(folder.resolve("out"), "it");
        Files.createSymbolicLink(files.resolve("link"), folder.resolve("out"));
        Kinds kinds = Kinds.load(jar("reader.jar", Reader.class).toString(), Optional.of(files));
        kinds.make(stay("reader", "in"));
        for (String name : List.of("../out", folder.resolve("out").toString(), "link", "none", "", "a\0b")) {
            assertThrows(IllegalArgumentException.class, () -> kinds.make(stay("reader", name)), name);
        }
        Kinds without = Kinds.load(jar("reader.jar", Reader.class).toString(), Optional.empty());
        assertThrows(IllegalArgumentException.class, () -> without.make(stay("reader", "in")));
    }

    @Test
    void whoIsNotKnownIsNotMade() throws IOException {
        Kinds kinds = Kinds.load("", Optional.empty());
        assertThrows(IllegalArgumentException.class, () -> kinds.make(stay("nobody", "")));
    }

    @Test
    void tokensAreNotPrinted() {
        assertTrue(!stay("echo", "f").toString().contains("secret"));
    }
}
