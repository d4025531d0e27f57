package dev.noir.playing;

import dev.noir.room.EncodedFrame;
import dev.noir.room.InjectedTrack;
import dev.noir.sdp.Codec;
import dev.noir.sdp.MediaKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes of the frames of a track, as its file holds them, what rooms take. Thread: one at a time. */
final class TrackFrames {
    private static final byte[] NOTHING = new byte[0];

    // By how much pictures of H264 are stored before those that they are shown after.
    private static final long MAX_REORDERING = Duration.ofSeconds(1).toNanos();

    // Given.
    private final SourceTrack track;

    // Owned.
    private final @Nullable H264Units h264;

    // State.
    private long lastNanos = Long.MIN_VALUE;
    private boolean begun;

    TrackFrames(SourceTrack track) {
        this.track = track;
        this.h264 = track.codec() == Codec.H264 ? new H264Units(track.codecPrivate()) : null;
    }

    SourceTrack track() {
        return track;
    }

    /** The next frame comes from another place of the file. */
    void restart() {
        lastNanos = Long.MIN_VALUE;
        begun = false;
    }

    /**
     * A frame for a room.
     *
     * @return its time of capture is 0; null: there is nothing to show in it
     * @throws MediaFileException rooms cannot have it, in words
     */
    @Nullable
    EncodedFrame make(SourceFrame frame) throws MediaFileException {
        if (track.kind() == MediaKind.AUDIO) {
            checkSize(frame.data(), InjectedTrack.MAX_SOUND_BYTES, "sound has packets");
            return Opus.samples(frame.data()) == 0 ? null : encoded(true, 0, 0, NOTHING, frame.data());
        }
        begun |= frame.key();
        if (!begun) {
            return null; // Nobody could show it.
        }
        checkOrder(frame);
        byte[] configuration = NOTHING;
        byte[] data = frame.data();
        if (h264 != null) {
            data = h264.picture(data);
            configuration = frame.key() ? h264.configuration() : NOTHING;
            checkSize(h264.largestSet(), InjectedTrack.MAX_SET_BYTES, "video has a parameter set");
        } else if (track.codec() == Codec.AV1) {
            data = Av1Units.temporalUnit(data, frame.key(), track.codecPrivate());
            configuration = frame.key() ? track.codecPrivate() : NOTHING;
        }
        checkSize(configuration, InjectedTrack.MAX_PRIVATE_BYTES, "video has parameters");
        checkSize(data, InjectedTrack.MAX_FRAME_BYTES, "video has pictures");
        if (data.length == 0) {
            return null;
        }
        Picture picture = Picture.of(track.codec(), data);
        boolean told = frame.key() && picture.width() > 0;
        int width = told ? picture.width() : track.width();
        int height = told ? picture.height() : track.height();
        return encoded(frame.key(), frame.key() ? width : 0, frame.key() ? height : 0, configuration, data);
    }

    private static void checkSize(byte[] bytes, int most, String what) throws MediaFileException {
        checkSize(bytes.length, most, what);
    }

    private static void checkSize(int size, int most, String what) throws MediaFileException {
        if (size > most) {
            throw new MediaFileException("its " + what + " of " + size + " bytes; calls take no more than " + most);
        }
    }

    private EncodedFrame encoded(boolean key, int width, int height, byte[] configuration, byte[] data) {
        return new EncodedFrame(track.codec(), key, 0, width, height, configuration, data);
    }

    /** What is stored in another order than it is shown in has B frames, which receivers of WebRTC show in the wrong order. */
    private void checkOrder(SourceFrame frame) throws MediaFileException {
        long nanos = frame.time().toNanos();
        if (h264 != null && !frame.key() && nanos < lastNanos && lastNanos - nanos <= MAX_REORDERING) {
            throw new MediaFileException("its video has B frames, which browsers cannot show in calls;"
                    + " ffmpeg -i this.mkv -c:v libx264 -bf 0 -c:a copy that.mkv makes one without");
        }
        lastNanos = nanos;
    }
}
