package dev.noir.room;

import dev.noir.sdp.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Notes what it is to play; the test plays what comes of it. */
public final class FakeProjector implements Projector {
    public static final List<Content> PICTURE_AND_SOUND =
            List.of(new Content(Codec.VP8, new byte[0]), new Content(Codec.OPUS, new byte[0]));

    public final List<FakeShowing> showings = new ArrayList<>();
    public final List<String> files = new ArrayList<>();
    public boolean refuses;

    /** One file. */
    public static final class FakeShowing implements Showing {
        public final Playing what;
        public final Events events;
        public final List<InjectedTrack> tracks = new ArrayList<>();
        public final List<Playing.Change> changes = new ArrayList<>();
        public boolean closed;

        FakeShowing(Playing what, Events events) {
            this.what = what;
            this.events = events;
        }

        @Override
        public void start(List<InjectedTrack> started) {
            tracks.addAll(started);
        }

        @Override
        public void change(Playing.Change change) {
            changes.add(change);
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    public FakeShowing last() {
        return showings.get(showings.size() - 1);
    }

    @Override
    public CompletionStage<List<String>> files() {
        return CompletableFuture.completedStage(List.copyOf(files));
    }

    @Override
    public Showing begin(Playing what, Events events) {
        if (refuses) {
            throw new RoomException(RoomException.Code.INVALID, "this server has no folder of files to play");
        }
        FakeShowing showing = new FakeShowing(what, events);
        showings.add(showing);
        return showing;
    }
}
