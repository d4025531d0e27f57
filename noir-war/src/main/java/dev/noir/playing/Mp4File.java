package dev.noir.playing;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** MP4 (ISO/IEC 14496-12), in fragments, of which some may be missing at the end, or with tables of all that is in it. Thread: one at a time; it blocks. */
final class Mp4File implements FrameSource {
    private static final int MAX_MOVIE_BYTES = 8 << 20;

    // Owned.
    private final FileBytes file;
    private final Mp4Tracks tracks;
    private final Optional<Duration> duration;
    private final Mp4Samples samples;
    private final long firstNanos;

    // State. Bytes since the last jump: there cannot be more of them than the file has.
    private long taken;
    private boolean ended;

    Mp4File(FileBytes file) throws IOException {
        this.file = file;
        Mp4Input in = new Mp4Input(file);
        Mp4Input.Outer movie = in.find(Mp4Input.MOVIE, 0);
        Mp4Box content = in.read(movie, MAX_MOVIE_BYTES);
        this.tracks = Mp4Tracks.read(content);
        this.duration = Mp4Tracks.duration(content);
        this.samples =
                Mp4Tables.isFilled(tracks) ? new Mp4Tables(tracks, file.size()) : new Mp4Fragments(in, tracks, 0);
        Mp4Samples.Sample first = samples.next();
        if (first == null) {
            throw new MediaFileException("the file has no media");
        }
        this.firstNanos = first.decoded();
        samples.rewind();
    }

    @Override
    public List<SourceTrack> tracks() {
        return tracks.sources();
    }

    @Override
    public Optional<Duration> duration() {
        return duration;
    }

    @Override
    public @Nullable SourceFrame next() throws IOException {
        try {
            for (Mp4Samples.Sample sample = sample(); sample != null; sample = sample()) {
                if (sample.size() > 0) {
                    return frame(sample);
                }
            }
        } catch (EOFException e) {
            ended = true; // It is cut off here.
        }
        return null;
    }

    private Mp4Samples.@Nullable Sample sample() throws IOException {
        return ended ? null : samples.next();
    }

    private SourceFrame frame(Mp4Samples.Sample sample) throws IOException {
        if (sample.size() > MAX_FRAME_BYTES) {
            throw new MediaFileException("a frame of " + sample.size() + " bytes is too large");
        }
        taken += sample.size();
        Mp4Tracks.checkSize(taken, file.size());
        if (sample.position() < 0 || sample.position() > file.size() - sample.size()) {
            throw new EOFException("a sample at " + sample.position());
        }
        file.seek(sample.position());
        byte[] data = file.bytes((int) sample.size());
        return new SourceFrame(
                sample.track().number(), Duration.ofNanos(sample.shown() - firstNanos), sample.key(), data);
    }

    @Override
    public void seek(Duration to) throws IOException {
        ended = false;
        taken = 0;
        long target = to.compareTo(Timeline.MAX_TIME) < 0 ? to.toNanos() : Timeline.MAX_TIME.toNanos();
        if (target <= 0) {
            samples.rewind(); // With what sounds before the first picture.
        } else {
            samples.seek(target + firstNanos);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
