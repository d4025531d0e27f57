package dev.noir.media;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeLibraryTest {

    /** A redeployment: the same classes in another class loader, in the same JVM. */
    @Test
    void loadsInASecondClassLoader() throws Exception {
        MediaCertificate.generate();
        URL classes = MediaLoop.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader second = new URLClassLoader(new URL[] {classes}, ClassLoader.getPlatformClassLoader())) {
            Class<?> certificate = second.loadClass(MediaCertificate.class.getName());
            assertNotSame(MediaCertificate.class, certificate);
            Object made = certificate.getMethod("generate").invoke(null);
            byte[] fingerprint = (byte[]) certificate.getMethod("sha256").invoke(made);
            assertEquals(32, fingerprint.length);
        }
    }

    @Test
    void fileIsGoneOnceItIsLoaded() throws IOException {
        MediaCertificate.generate();
        List<String> mapped = Files.readAllLines(Path.of("/proc/self/maps")).stream()
                .filter(line -> line.contains("/libnoir-"))
                .toList();
        assertFalse(mapped.isEmpty());
        assertEquals(
                mapped,
                mapped.stream().filter(line -> line.endsWith("(deleted)")).toList());
    }
}
