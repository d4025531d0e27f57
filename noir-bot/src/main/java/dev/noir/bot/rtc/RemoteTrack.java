package dev.noir.bot.rtc;

import dev.noir.bot.Picture;
import dev.noir.bot.Sound;
import dev.noir.bot.Track;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A track of somebody else's that we get. Thread: any. */
public final class RemoteTrack implements Track {
    private final String uid;
    private final String stream;
    private final String id;
    private final boolean video;

    private final @Nullable Consumer<RemoteTrack> choice;
    private final AtomicBoolean chosen = new AtomicBoolean();

    // Called by threads of libwebrtc's, set by any.
    private volatile @Nullable Consumer<Picture> pictures;
    private volatile @Nullable Consumer<Sound> sounds;

    /** Made by {@link Peer}. */
    public RemoteTrack(String uid, String stream, String id, boolean video) {
        this(uid, stream, id, video, null);
    }

    /** @param choice is told when it is wanted */
    RemoteTrack(String uid, String stream, String id, boolean video, @Nullable Consumer<RemoteTrack> choice) {
        this.choice = choice;
        this.uid = uid;
        this.stream = stream;
        this.id = id;
        this.video = video;
    }

    @Override
    public String uid() {
        return uid;
    }

    @Override
    public String stream() {
        return stream;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean isVideo() {
        return video;
    }

    @Override
    public void watch(Consumer<Picture> viewer) {
        pictures = viewer;
        choose();
    }

    @Override
    public void hear(Consumer<Sound> listener) {
        sounds = listener;
        choose();
    }

    private void choose() {
        if (choice != null && chosen.compareAndSet(false, true)) {
            choice.accept(this);
        }
    }

    void show(Picture picture) {
        Consumer<Picture> viewer = pictures;
        if (viewer != null) {
            viewer.accept(picture);
        }
    }

    void play(Sound sound) {
        Consumer<Sound> listener = sounds;
        if (listener != null) {
            listener.accept(sound);
        }
    }

    boolean isWatched() {
        return pictures != null;
    }

    @Override
    public String toString() {
        return uid + "/" + stream + "/" + id;
    }
}
