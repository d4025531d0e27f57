package dev.noir.bot.rtc;

import dev.noir.bot.Picture;
import dev.noir.bot.Sound;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A track of somebody else's that we get. Thread: any. */
public final class RemoteTrack {
    private final String uid;
    private final String stream;
    private final String id;
    private final boolean video;

    // Called by threads of libwebrtc's, set by any.
    private volatile @Nullable Consumer<Picture> pictures;
    private volatile @Nullable Consumer<Sound> sounds;

    /** Made by {@link Peer}. */
    public RemoteTrack(String uid, String stream, String id, boolean video) {
        this.uid = uid;
        this.stream = stream;
        this.id = id;
        this.video = video;
    }

    /** Whose it is. */
    public String uid() {
        return uid;
    }

    /** Which tracks belong together. */
    public String stream() {
        return stream;
    }

    public String id() {
        return id;
    }

    /** Pictures, or sound. */
    public boolean isVideo() {
        return video;
    }

    /** From now on, each picture as soon as it has been decoded, on the decoder's thread, which must not wait. */
    public void watch(Consumer<Picture> viewer) {
        pictures = viewer;
    }

    /** From now on, each 10 ms of sound when they are due, on the thread of all sound, which must not wait. */
    public void hear(Consumer<Sound> listener) {
        sounds = listener;
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
