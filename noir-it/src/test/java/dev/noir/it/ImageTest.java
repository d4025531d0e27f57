package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The container image that {@code ./noir image} makes, started without a container engine: by root, in namespaces. */
class ImageTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final long MAX_SIZE = 120_000_000;

    @TempDir
    private static Path work;

    private static Path archive;
    private static Image image;

    @BeforeAll
    static void make() throws Exception {
        assumeTrue(Files.isWritable(Path.of("/")), "only root may mount");
        archive = Image.make(work.resolve("noir-image.tar"));
        image = Image.unpack(archive, work);
    }

    @Test
    void isSmallAndSaysWhatIsInIt() throws Exception {
        assertTrue(Files.size(archive) <= MAX_SIZE, Files.size(archive) + " octets");
        String packages = Files.readString(image.root().resolve("var/lib/dpkg/status"));
        for (String name : List.of("libc6", "zlib1g", "base-files")) {
            assertTrue(
                    packages.contains("Package: " + name + "\nStatus: install ok installed\n"), name + ": " + packages);
            assertTrue(Files.exists(image.root().resolve("usr/share/doc/" + name + "/copyright")), name);
        }
        assertFalse(Files.exists(image.root().resolve("bin/sh")), "nobody needs a shell there");
        assertEquals("SIGTERM", image.configuration().getString("StopSignal"));
    }

    @Test
    void holdsACallAsNobodyOnARootThatCannotBeWrittenAndDrainsOnSigterm() throws Exception {
        try (WebRtc webRtc = new WebRtc();
                NoirProcess noir = NoirProcess.start(image, "-Dnoir.drain.timeout=60", "-Dnoir.http.health.port=0")) {
            String owner = image.configuration().getString("User").split(":", -1)[0];
            String status = Files.readString(Path.of("/proc", Long.toString(noir.pid()), "status"));
            assertTrue(status.contains("\nUid:\t" + (owner + "\t").repeat(3) + owner + "\n"), status);
            assertTrue(status.contains("\nCapEff:\t0000000000000000\n"), status);
            assertEquals("ro", optionsOfRoot(noir.pid()).split(",", -1)[0]);
            for (String state : List.of("started", "live", "ready")) {
                assertEquals(200, noir.getHealth("health/" + state), state);
            }
            callWhileItDrains(webRtc, noir);
            assertEquals(143, noir.awaitExit(), "128 + SIGTERM");
            assertTrue(noir.output().contains("noiR has stopped"), noir.output());
            assertFalse(noir.output().contains("SEVERE"), noir.output());
            assertFalse(noir.output().contains("does not tell"), "a module of Java is missing: " + noir.output());
        }
    }

    private static void callWhileItDrains(WebRtc webRtc, NoirProcess noir) throws Exception {
        try (IonPeer anna = new IonPeer(webRtc, noir.signalling());
                IonPeer bert = new IonPeer(webRtc, noir.signalling());
                SyntheticMedia media = new SyntheticMedia(webRtc, "image")) {
            anna.join("image", "anna");
            bert.join("image", "bert");
            anna.publish("stream-image", media.tracks());
            Deadline.await("pictures and sound", LIMIT, () -> bert.videoFrames() >= 30 && bert.loudSamples() >= 4800);
            noir.terminate();
            Deadline.await(
                    "the end of being ready",
                    LIMIT,
                    () -> noir.get("health/ready").statusCode() == 503);
            long seen = bert.videoFrames();
            Deadline.await("the call to go on", LIMIT, () -> bert.videoFrames() >= seen + 30);
            assertTrue(noir.isAlive());
        }
    }

    /** Of the mount that is the process's root. */
    private static String optionsOfRoot(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "mountinfo")).stream()
                .map(line -> line.split(" ", -1))
                .filter(fields -> fields[4].equals("/"))
                .findFirst()
                .orElseThrow()[5];
    }
}
