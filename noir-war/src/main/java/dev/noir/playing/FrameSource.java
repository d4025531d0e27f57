package dev.noir.playing;

import dev.noir.room.InjectedTrack;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where media comes from: frames in decoding order. Thread: one at a time; it blocks. */
public interface FrameSource extends AutoCloseable {
    /** No frame is larger: one that says so is no frame. */
    int MAX_FRAME_BYTES = InjectedTrack.MAX_FRAME_BYTES;

    /** What is played: at most one track of video and one of audio, the first of each that can be. At least one. */
    List<SourceTrack> tracks();

    /**
     * The next frame of these tracks.
     *
     * @return null at the end, also where the file is cut off
     * @throws MediaFileException what comes cannot be played, in words
     */
    @Nullable
    SourceFrame next() throws IOException;

    /**
     * Goes to another time. {@link #next} continues with the last key frame of video at or before it, the first if there is none; without
     * video, with audio. Harmless after the end.
     *
     * @param to since the beginning of the file
     */
    void seek(Duration to) throws IOException;

    /** How long it is, as far as the file says so. */
    Optional<Duration> duration();

    @Override
    void close() throws IOException;
}
