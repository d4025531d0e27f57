package dev.noir.restreaming;

import dev.noir.recording.Part;
import dev.noir.room.EncodedFrame;
import dev.noir.room.MediaTap;
import dev.noir.room.PeerName;
import dev.noir.room.Recorder.RecordedTrack;
import dev.noir.room.TrackWatch.WatchedTrack;
import dev.noir.sdp.Codec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Tracks and programs of a test. */
final class Fakes {
    private Fakes() {}

    /** A track whose taps are remembered. */
    static final class FakeTrack implements WatchedTrack {
        final List<FakeTap> taps = new ArrayList<>();
        private final RecordedTrack what;

        private FakeTrack(RecordedTrack what) {
            this.what = what;
        }

        static FakeTrack video(String peer) {
            return new FakeTrack(
                    new RecordedTrack(new PeerName(peer), "", peer + "-cam", peer + "-video", true, false));
        }

        static FakeTrack audio(String peer) {
            return new FakeTrack(
                    new RecordedTrack(new PeerName(peer), "", peer + "-cam", peer + "-audio", false, false));
        }

        static FakeTrack screen(String peer) {
            return new FakeTrack(
                    new RecordedTrack(new PeerName(peer), "", peer + "-scr", peer + "-screen", true, true));
        }

        @Override
        public RecordedTrack what() {
            return what;
        }

        @Override
        public MediaTap tap(MediaTap.Events listener) {
            FakeTap tap = new FakeTap(listener);
            taps.add(tap);
            return tap;
        }

        List<FakeTap> open() {
            return taps.stream().filter(tap -> !tap.closed).toList();
        }

        void frame(EncodedFrame frame) {
            open().forEach(tap -> tap.listener.onFrame(frame));
        }

        @Override
        public String toString() {
            return what.track();
        }
    }

    /** A tap that brings what its track is told to. */
    static final class FakeTap implements MediaTap {
        final Events listener;
        boolean closed;

        FakeTap(Events listener) {
            this.listener = listener;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    static EncodedFrame key(long ms, int width) {
        return new EncodedFrame(Codec.H264, true, 1000 * ms, width, width / 2, new byte[] {1}, new byte[100]);
    }

    static EncodedFrame sound(long ms) {
        return new EncodedFrame(Codec.OPUS, true, 1000 * ms, 0, 0, new byte[0], new byte[10]);
    }

    /** Programs that do nothing by themselves. */
    static final class FakePrograms implements Programs {
        final List<FakeProgram> started = new ArrayList<>();
        String broken = "";

        @Override
        public Program start(List<String> command) throws IOException {
            if (!broken.isEmpty()) {
                throw new IOException(broken);
            }
            FakeProgram program = new FakeProgram(command);
            started.add(program);
            return program;
        }

        FakeProgram last() {
            return started.get(started.size() - 1);
        }
    }

    /** One of them. */
    static final class FakeProgram implements Programs.Program {
        final List<String> command;
        final ByteArrayOutputStream read = new ByteArrayOutputStream();
        final CompletableFuture<Void> ended = new CompletableFuture<>();
        String says = "";
        boolean deaf;
        boolean atEnd;
        boolean killed;
        int awaited;

        FakeProgram(List<String> command) {
            this.command = command;
        }

        @Override
        public OutputStream input() {
            return new OutputStream() {
                @Override
                public void write(int octet) {
                    read.write(octet);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    if (deaf) {
                        throw new IOException("Broken pipe");
                    }
                    read.write(bytes, offset, length);
                }

                @Override
                public void close() {
                    atEnd = true;
                }
            };
        }

        void end(String saying) {
            says = saying;
            ended.complete(null);
        }

        @Override
        public CompletionStage<?> ended() {
            return ended;
        }

        @Override
        public String complaints() {
            String said = says;
            says = "";
            return said;
        }

        @Override
        public void awaitEnd(Duration limit) {
            awaited++;
        }

        @Override
        public void kill() {
            killed = true;
            ended.complete(null);
        }
    }

    /** Takes all, but one codec. */
    record FakeDestination(String secret) implements Destination {
        @Override
        public List<String> command(List<Part.Slot> slots) throws IOException {
            for (Part.Slot slot : slots) {
                if (slot.format().codec() == Codec.VP8) {
                    throw new RefusedException("not VP8");
                }
            }
            return slots.stream().map(slot -> slot.format().toString()).toList();
        }

        @Override
        public String masked(String text) {
            return text.replace(secret, "***");
        }
    }
}
