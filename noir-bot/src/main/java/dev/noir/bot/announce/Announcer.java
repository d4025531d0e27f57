package dev.noir.bot.announce;

import dev.noir.bot.Bot;
import dev.noir.bot.Room;
import dev.noir.bot.Sound;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ShortBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Plays what it is told to. Thread: the bot's.
 *
 * <pre>
 * silence, until others can hear it ──▶ sound ──▶ silence, and gone
 *                                        ▲  │
 *                                        └──┘ pause, repeat
 * </pre>
 */
final class Announcer implements Bot {
    static final int FOR_EVER = -1;
    /** Others need that long, as a rule, to get a track that is new to them. */
    private static final int SILENCE_BEFORE_PARTS = 150;
    /** What is on its way is still heard. */
    private static final int SILENCE_AFTER_PARTS = 50;

    private static final int PARTS_PER_SECOND = 100;
    private static final int TONE_RATE = 48_000;
    private static final double AMPLITUDE = 8000; // -12 dB.

    // Given.
    private final Optional<Path> path;
    private final int tone;
    private final int toneParts;
    private final int pauseParts;

    // State.
    private int timesLeft;
    private int silentParts = SILENCE_BEFORE_PARTS;
    private boolean last; // The silence is the last one.
    private long tonePart;
    private @Nullable WavFile file;
    private ShortBuffer samples = ShortBuffer.allocate(0);

    Announcer(Optional<Path> path, int tone, int seconds, int repeat, int pause) {
        this.path = path;
        this.tone = tone;
        this.toneParts = seconds * PARTS_PER_SECOND;
        this.timesLeft = repeat;
        this.pauseParts = pause * PARTS_PER_SECOND;
    }

    @Override
    public void joined(Room room) throws Exception {
        if (path.isPresent()) {
            try {
                file = WavFile.open(path.get());
            } catch (IOException e) {
                throw new IOException("the file " + e.getMessage(), e);
            }
        }
        samples = ShortBuffer.allocate(frames() * channels());
        Room.Publication publication = room.publish(true, false);
        room.every(Duration.ofMillis(1000 / PARTS_PER_SECOND), () -> {
            if (!play(publication)) {
                room.leave();
            }
        });
    }

    private int rate() {
        return file == null ? TONE_RATE : file.rate();
    }

    private int channels() {
        return file == null ? 1 : file.channels();
    }

    private int frames() {
        return rate() / PARTS_PER_SECOND;
    }

    /** The next 10 ms; false when there is nothing more to be said. */
    private boolean play(Room.Publication publication) {
        if (silentParts == 0 && !next()) {
            last = timesLeft == 0;
            silentParts = last ? SILENCE_AFTER_PARTS : Math.max(1, pauseParts);
            if (timesLeft > 0) {
                timesLeft--;
            }
            if (file != null) {
                file.rewind();
            }
            tonePart = 0;
        }
        if (silentParts > 0) {
            silentParts--;
            for (int i = 0; i < samples.capacity(); i++) {
                samples.put(i, (short) 0);
            }
        }
        publication.play(new Sound(samples, frames(), rate(), channels()));
        return !last || silentParts > 0;
    }

    private boolean next() {
        if (file != null) {
            try {
                return file.next(samples);
            } catch (IOException e) {
                throw new UncheckedIOException("the file cannot be read any more", e);
            }
        }
        if (tonePart == toneParts) {
            return false;
        }
        for (int i = 0; i < samples.capacity(); i++) {
            double second = (double) (tonePart * samples.capacity() + i) / TONE_RATE;
            samples.put(i, (short) (AMPLITUDE * Math.sin(2 * Math.PI * tone * second)));
        }
        tonePart++;
        return true;
    }

    @Override
    public void left() {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                // It was only read.
            }
        }
    }
}
