package dev.noir.bot.rtc;

import dev.noir.bot.Picture;
import dev.onvoid.webrtc.media.video.CustomVideoSource;
import dev.onvoid.webrtc.media.video.NativeI420Buffer;
import dev.onvoid.webrtc.media.video.VideoFrame;
import dev.onvoid.webrtc.media.video.VideoTrack;
import java.nio.ByteBuffer;

/** Pictures that are published. Thread: any, one at a time. */
public final class Camera {
    private final CustomVideoSource source = new CustomVideoSource();
    private final VideoTrack track;

    /** @param id of the track, a token of RFC 8830 */
    public Camera(Webrtc webrtc, String id) {
        track = webrtc.sending().createVideoTrack(id, source);
    }

    VideoTrack track() {
        return track;
    }

    /** Sends a picture, which is due now. It is copied, and may be drawn on again afterwards. */
    public void show(Picture picture) {
        NativeI420Buffer copy = NativeI420Buffer.allocate(picture.width(), picture.height());
        int halfWidth = Picture.half(picture.width());
        int halfHeight = Picture.half(picture.height());
        copy(picture.y(), picture.strideY(), copy.getDataY(), copy.getStrideY(), picture.width(), picture.height());
        copy(picture.u(), picture.strideU(), copy.getDataU(), copy.getStrideU(), halfWidth, halfHeight);
        copy(picture.v(), picture.strideV(), copy.getDataV(), copy.getStrideV(), halfWidth, halfHeight);
        VideoFrame frame = new VideoFrame(copy, 0); // The source has a clock of its own.
        source.pushFrame(frame);
        frame.release();
    }

    private static void copy(ByteBuffer from, int fromStride, ByteBuffer to, int toStride, int width, int height) {
        for (int row = 0; row < height; row++) {
            to.put(row * toStride, from, row * fromStride, width);
        }
    }
}
