package dev.noir.playing;

import dev.noir.sdp.Codec;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Media that a test makes up: VP8 and Opus of 20 ms. */
final class FakeSource implements FrameSource {
    static final SourceTrack VIDEO = new SourceTrack(1, Codec.VP8, new byte[0], 640, 360);
    static final SourceTrack AUDIO = new SourceTrack(2, Codec.OPUS, new byte[0], 0, 0);

    private final List<SourceTrack> tracks;
    private final List<SourceFrame> frames = new ArrayList<>();
    private int next;
    int reads;
    boolean closed;

    @Nullable
    IOException failure;

    FakeSource(SourceTrack... tracks) {
        this.tracks = List.of(tracks);
    }

    /** Both, interleaved: pictures each 40 ms, a key frame each second, sound each 20 ms. */
    static FakeSource both(int ms) {
        FakeSource source = new FakeSource(VIDEO, AUDIO);
        for (int at = 0; at < ms; at += 20) {
            if (at % 40 == 0) {
                source.picture(at, at % 1000 == 0);
            }
            source.sound(at);
        }
        return source;
    }

    FakeSource picture(long ms, boolean key) {
        frames.add(new SourceFrame(VIDEO.number(), Duration.ofMillis(ms), key, new byte[] {(byte) (key ? 0 : 1), 0}));
        return this;
    }

    FakeSource sound(long ms) {
        // 20 ms of CELT.
        frames.add(new SourceFrame(AUDIO.number(), Duration.ofMillis(ms), true, new byte[] {(byte) (31 << 3), 1}));
        return this;
    }

    void copyTo(FakeSource other) {
        other.frames.addAll(frames);
    }

    @Override
    public List<SourceTrack> tracks() {
        return tracks;
    }

    @Override
    public @Nullable SourceFrame next() throws IOException {
        if (failure != null) {
            throw failure;
        }
        reads++;
        return next < frames.size() ? frames.get(next++) : null;
    }

    @Override
    public void seek(Duration to) {
        next = 0;
        for (int i = 0; i < frames.size(); i++) {
            SourceFrame frame = frames.get(i);
            boolean leads = frame.key() && (tracks.size() == 1 || frame.track() == VIDEO.number());
            if (frame.time().compareTo(to) > 0) {
                return;
            }
            next = leads ? i : next;
        }
    }

    @Override
    public Optional<Duration> duration() {
        return Optional.empty();
    }

    @Override
    public void close() {
        closed = true;
    }
}
