package dev.noir.it;

import dev.onvoid.webrtc.media.MediaStreamTrack;
import dev.onvoid.webrtc.media.audio.CustomAudioSource;
import dev.onvoid.webrtc.media.video.CustomVideoSource;
import dev.onvoid.webrtc.media.video.NativeI420Buffer;
import dev.onvoid.webrtc.media.video.VideoFrame;
import java.nio.ByteBuffer;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A camera that shows a moving stripe and a microphone that hums, without any device. */
final class SyntheticMedia implements AutoCloseable {
    private static final int WIDTH = 320;
    private static final int HEIGHT = 180;
    private static final int FRAMES_PER_SECOND = 30;
    private static final int SAMPLE_RATE = 48_000;
    private static final int SAMPLES = SAMPLE_RATE / 100; // 10 ms
    private static final double TONE_HZ = 440;

    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final CustomVideoSource videoSource = new CustomVideoSource();
    private final CustomAudioSource audioSource = new CustomAudioSource();
    private final MediaStreamTrack video;
    private final MediaStreamTrack audio;
    private int frame;
    private long sample;

    SyntheticMedia(WebRtc webRtc, String name) {
        video = webRtc.sending().createVideoTrack(name + "-video", videoSource);
        audio = webRtc.sending().createAudioTrack(name + "-audio", audioSource);
        clock.scheduleAtFixedRate(this::pushFrame, 0, 1_000_000 / FRAMES_PER_SECOND, TimeUnit.MICROSECONDS);
        clock.scheduleAtFixedRate(this::pushAudio, 0, 10, TimeUnit.MILLISECONDS);
    }

    MediaStreamTrack[] tracks() {
        return new MediaStreamTrack[] {audio, video};
    }

    private void pushFrame() {
        NativeI420Buffer buffer = NativeI420Buffer.allocate(WIDTH, HEIGHT);
        ByteBuffer luma = buffer.getDataY();
        int stripe = frame++ * 4 % WIDTH;
        for (int y = 0; y < HEIGHT; y++) {
            for (int x = 0; x < WIDTH; x++) {
                luma.put(y * buffer.getStrideY() + x, (byte) (Math.abs(x - stripe) < 20 ? 235 : x % 200));
            }
        }
        fill(buffer.getDataU());
        fill(buffer.getDataV());
        VideoFrame picture = new VideoFrame(buffer, System.nanoTime());
        videoSource.pushFrame(picture);
        picture.release();
    }

    private static void fill(ByteBuffer plane) {
        for (int i = 0; i < plane.capacity(); i++) {
            plane.put(i, (byte) 128);
        }
    }

    private void pushAudio() {
        byte[] data = new byte[SAMPLES * 2];
        for (int i = 0; i < SAMPLES; i++) {
            int value = (int) (8000 * Math.sin(2 * Math.PI * TONE_HZ * sample++ / SAMPLE_RATE));
            data[2 * i] = (byte) value;
            data[2 * i + 1] = (byte) (value >> 8);
        }
        audioSource.pushAudio(data, 16, SAMPLE_RATE, 1, SAMPLES);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
