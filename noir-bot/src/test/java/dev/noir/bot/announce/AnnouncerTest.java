package dev.noir.bot.announce;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bot.Bot;
import dev.noir.bot.BotKind;
import dev.noir.bot.Picture;
import dev.noir.bot.Room;
import dev.noir.bot.Sound;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AnnouncerTest {
    private static final int MAX_PARTS = 10_000;

    @TempDir
    Path folder;

    /** In which time passes when it is asked to. */
    private static final class FakeRoom implements Room, Room.Publication {
        final List<Boolean> loud = new ArrayList<>(); // Each 10 ms.
        Runnable due;
        boolean left;

        @Override
        public String name() {
            return "r";
        }

        @Override
        public String uid() {
            return "u";
        }

        @Override
        public Publication publish(boolean sound, boolean pictures) {
            return this;
        }

        @Override
        public void every(Duration period, Runnable task) {
            assertEquals(Duration.ofMillis(10), period);
            due = task;
        }

        @Override
        public void leave() {
            left = true;
        }

        @Override
        public void play(Sound sound) {
            assertEquals(sound.rate() / 100, sound.frames());
            boolean any = false;
            for (int i = 0; i < sound.frames() * sound.channels(); i++) {
                any |= sound.samples().get(i) != 0;
            }
            loud.add(any);
        }

        @Override
        public void show(Picture picture) {
            throw new AssertionError("it has no picture");
        }

        /** Lengths of silence and sound in turns, in 10 ms. */
        List<Integer> turns() {
            List<Integer> turns = new ArrayList<>(List.of(0));
            boolean now = false;
            for (boolean next : loud) {
                if (next != now) {
                    turns.add(0);
                    now = next;
                }
                turns.set(turns.size() - 1, turns.get(turns.size() - 1) + 1);
            }
            return turns;
        }
    }

    private static FakeRoom play(Bot bot) throws Exception {
        FakeRoom room = new FakeRoom();
        bot.joined(room);
        while (!room.left && room.loud.size() < MAX_PARTS) {
            room.due.run();
        }
        bot.left();
        return room;
    }

    private static Bot make(Map<String, String> options, BotKind.Files files) {
        return new AnnouncerKind().make(options, files);
    }

    private static Path none(String name) {
        throw new IllegalArgumentException("no file " + name);
    }

    @Test
    void aToneIsPlayedOnceAfterASilenceInWhichOthersGetTheTrack() throws Exception {
        FakeRoom room = play(make(Map.of("seconds", "2"), AnnouncerTest::none));
        assertTrue(room.left);
        assertEquals(List.of(150, 200, 50), room.turns());
    }

    @Test
    void aFileIsPlayedAgainAfterAPause() throws Exception {
        short[] samples = new short[480 * 7];
        Arrays.fill(samples, (short) 1000);
        Path file = Files.write(folder.resolve("a.wav"), Wav.of(48_000, 1, samples));
        FakeRoom room = play(make(Map.of("file", "a.wav", "repeat", "2", "pause", "3"), name -> file));
        assertTrue(room.left);
        assertEquals(List.of(150, 7, 300, 7, 300, 7, 50), room.turns());
    }

    @Test
    void itGoesOnForEverWhenThatIsAsked() throws Exception {
        FakeRoom room = play(make(Map.of("seconds", "1", "repeat", "-1", "pause", "0"), AnnouncerTest::none));
        assertEquals(MAX_PARTS, room.loud.size());
    }

    @Test
    void aFileThatCannotBePlayedIsSaidSo() throws Exception {
        Path file = Files.writeString(folder.resolve("a.wav"), "no sound at all");
        Bot bot = make(Map.of("file", "a.wav"), name -> file);
        assertThrows(java.io.IOException.class, () -> bot.joined(new FakeRoom()));
    }

    @ParameterizedTest
    @CsvSource({"tone,19", "tone,20001", "tone,x", "seconds,0", "repeat,-2", "pause,-1", "colour,red", "file,a.wav"})
    void wrongOptionsAreRefused(String name, String value) {
        assertThrows(IllegalArgumentException.class, () -> make(Map.of(name, value), AnnouncerTest::none));
    }
}
