package dev.noir.sfu;

import dev.noir.media.LoopCommands;
import dev.noir.media.TrackId;
import dev.noir.room.EncodedFrame;
import dev.noir.room.InjectedTrack;
import dev.noir.room.MediaTrack;
import dev.noir.sdp.Codec;
import dev.noir.sdp.MediaKind;

/**
 * A track of an injector. Frames wait for the loop, within what the injector may have waiting; of video, what is too much is lost
 * up to a key frame, which is asked for.
 *
 * <p>Thread: {@link #write} any, one at a time; the package-private methods loop.
 */
final class NativeInjectedTrack implements InjectedTrack {
    // Given.
    private final NativeInjector owner;
    private final NativeTrack media;
    private final Codec codec;

    private boolean drops; // Up to a key frame. Its writer's.

    // Owned by the loop thread.
    private boolean asked; // For a key frame, since the last one that was taken.

    NativeInjectedTrack(NativeInjector owner, NativeTrack media, Codec codec) {
        this.owner = owner;
        this.media = media;
        this.codec = codec;
    }

    @Override
    public MediaTrack media() {
        return media;
    }

    @Override
    public boolean write(EncodedFrame frame) {
        boolean video = codec.kind() == MediaKind.VIDEO;
        boolean fits = frame.codec() == codec
                && frame.data().length > 0
                && frame.data().length <= MAX_FRAME_BYTES
                && frame.codecPrivate().length <= MAX_PRIVATE_BYTES;
        if (!fits || owner.isOver() || (drops && !frame.key())) {
            drops = video;
            return false;
        }
        int size = frame.data().length + frame.codecPrivate().length;
        boolean taken = owner.send(size, commands -> inject(commands, frame));
        drops = video && !taken;
        return taken;
    }

    private void inject(LoopCommands commands, EncodedFrame frame) {
        TrackId id = media.id();
        if (id == null) {
            return;
        }
        boolean key = frame.key() || codec.kind() == MediaKind.AUDIO;
        if (commands.inject(id, key, frame.captureMicros(), frame.codecPrivate(), frame.data())) {
            asked = asked && !frame.key();
        } else if (!asked && codec.kind() == MediaKind.VIDEO) {
            asked = true; // Nothing else is taken.
            owner.keyFrameWanted(this);
        }
    }

    /** A subscriber's wish. */
    void keyFrameWanted() {
        owner.keyFrameWanted(this);
    }
}
