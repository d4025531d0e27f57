package dev.noir.restreaming;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.restreaming.Programs.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With programs that every system has. */
final class FfmpegProgramsTest {
    private static final int LIMIT_SECONDS = 20;

    private final FfmpegPrograms programs = new FfmpegPrograms();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        programs.close();
        assertEquals(0, programs.running());
    }

    private static void awaitEnd(Program program) throws Exception {
        program.ended().toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aProgramReadsWhatItIsFedAndHasNothingOfOurs() throws Exception {
        Path copy = folder.resolve("copy");
        Program program = programs.start(List.of("/bin/sh", "-c", "cat > \"$0\"; env >> \"$0\"", copy.toString()));
        assertEquals(1, programs.running());
        program.input().write(new byte[] {'1', '\n'});
        program.input().close();
        awaitEnd(program);
        String text = Files.readString(copy);
        assertTrue(text.startsWith("1\n"), text);
        assertFalse(text.contains("HOME=") || text.contains("JAVA"), text);
    }

    @Test
    void noShellSeesItsArguments() throws Exception {
        Path file = folder.resolve("$(x);y");
        Program program = programs.start(List.of("/usr/bin/touch", file.toString()));
        awaitEnd(program);
        assertTrue(Files.exists(file));
    }

    @Test
    void oneThatReadsNothingIsEnded() throws Exception {
        Program program = programs.start(List.of("/bin/sleep", "1000"));
        program.awaitEnd(Duration.ofMillis(1));
        awaitEnd(program);
        assertThrows(IOException.class, () -> program.input().write(new byte[1 << 20]));
        assertEquals("", program.complaints());
    }

    @Test
    void whatIsNoProgramIsSaid() {
        IOException missing = assertThrows(IOException.class, () -> programs.start(List.of("/nowhere/ffmpeg", "hush")));
        assertEquals("the program cannot be started: /nowhere/ffmpeg", missing.getMessage());
    }

    @Test
    void noneOutlivesTheServer() throws Exception {
        Program program = programs.start(List.of("/bin/sleep", "1000"));
        programs.close();
        awaitEnd(program);
        awaitEnd(programs.start(List.of("/bin/sleep", "1000")));
    }
}
