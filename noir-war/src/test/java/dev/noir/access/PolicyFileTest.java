package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PolicyFileTest {
    private static final Logger LOGGER = Logger.getLogger(PolicyFile.class.getName());

    @TempDir
    private Path directory;

    private final List<String> levels = new ArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            levels.add(line.getLevel().getName());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    @BeforeEach
    void listen() {
        LOGGER.addHandler(handler);
    }

    @AfterEach
    void listenNoMore() {
        LOGGER.removeHandler(handler);
    }

    @Test
    void aFileThatCannotBeUsedStopsTheStart() throws IOException {
        Path file = write("[a]\njoin = *\nx = y\n");

        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> PolicyFile.open(file, EntranceTableTest.SETTINGS));
        assertEquals("noir.access.policy: " + file + ", line 3: x is no key of a policy", e.getMessage());
        assertNull(e.getCause(), "the launcher shows the innermost message");
    }

    @Test
    void soDoesOneThatIsNotThereOrNotText() throws IOException {
        Path missing = directory.resolve("missing");
        assertThrows(IllegalArgumentException.class, () -> PolicyFile.open(missing, EntranceTableTest.SETTINGS));
        Path binary = Files.write(directory.resolve("binary"), new byte[] {'#', (byte) 0xff, '\n'});
        assertThrows(IllegalArgumentException.class, () -> PolicyFile.open(binary, EntranceTableTest.SETTINGS));
    }

    @Test
    void isReadAgainWhenItHasChanged() throws IOException {
        PolicyFile policies = PolicyFile.open(write("[a]\nmax-peers = 3"), EntranceTableTest.SETTINGS);

        policies.refresh();
        assertEquals(List.of(), levels);
        write("[a]\nmax-peers = 4");
        lookTwice(policies);

        assertEquals(4, policies.get().of("a").maxPeers());
        assertEquals(List.of("INFO"), levels);
    }

    @Test
    void whatIsBeingWrittenIsNotTaken() throws IOException {
        PolicyFile policies = PolicyFile.open(write("[a]\nmax-peers = 3"), EntranceTableTest.SETTINGS);

        write("");
        policies.refresh();
        write("[b]");
        policies.refresh();
        write("[b]\nmax-peers = 2\n[a]\nmax-peers = 4");
        policies.refresh();
        assertEquals(3, policies.get().of("a").maxPeers());
        assertEquals(List.of(), levels);

        policies.refresh();
        assertEquals(4, policies.get().of("a").maxPeers());
    }

    @Test
    void anEmptyFileTakesNothingAwayButACommentCan() throws IOException {
        PolicyFile policies = PolicyFile.open(write("[a]\nmax-peers = 3"), EntranceTableTest.SETTINGS);

        write(" \n");
        lookTwice(policies);
        write("");
        lookTwice(policies);
        lookTwice(policies);
        assertEquals(3, policies.get().of("a").maxPeers());
        assertEquals(List.of("SEVERE", "SEVERE"), levels);

        write("# none");
        lookTwice(policies);
        assertEquals(0, policies.get().of("a").maxPeers());
    }

    private static void lookTwice(PolicyFile policies) {
        policies.refresh();
        policies.refresh();
    }

    @Test
    void evenIfNeitherItsTimeNorItsSizeTellsSo() throws IOException {
        Path file = write("[a]\nmax-peers = 3");
        PolicyFile policies = PolicyFile.open(file, EntranceTableTest.SETTINGS);
        FileTime time = Files.getLastModifiedTime(file);

        Files.setLastModifiedTime(write("[a]\nmax-peers = 4"), time);
        lookTwice(policies);

        assertEquals(4, policies.get().of("a").maxPeers());
    }

    @Test
    void whileItIsBrokenWhatItSaidBeforeStaysAndTheLogSaysSoOnce() throws IOException {
        PolicyFile policies = PolicyFile.open(write("[a]\nmax-peers = 3"), EntranceTableTest.SETTINGS);

        write("[a]\nmax-peers = x");
        lookTwice(policies);
        lookTwice(policies);
        assertEquals(List.of("SEVERE"), levels);
        assertEquals(3, policies.get().of("a").maxPeers());

        Files.delete(directory.resolve("policy"));
        policies.refresh();
        policies.refresh();
        assertEquals(List.of("SEVERE", "SEVERE"), levels);
        assertEquals(3, policies.get().of("a").maxPeers());

        write("[a]\nmax-peers = 5");
        lookTwice(policies);
        assertEquals(5, policies.get().of("a").maxPeers());
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("policy"), text);
    }
}
