package dev.noir.sfu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.media.MediaCertificate;
import dev.noir.media.MediaConfig;
import dev.noir.room.EncodedFrame;
import dev.noir.room.InjectedTrack;
import dev.noir.room.MediaEnd;
import dev.noir.room.MediaInjector;
import dev.noir.room.MediaTap;
import dev.noir.sdp.Codec;
import dev.noir.sdp.PublishedTrack;
import java.net.InetAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Frames on their way to the loop, and through it to a tap. The loop runs only in those tests that start it. */
final class NativeInjectorTest {
    private static final byte[] NOTHING = {};
    private static final byte[] VP8_KEY = {0x10, 0, 0, (byte) 0x9D, 1, 0x2A, 0x40, 1, (byte) 0xF0, 0};
    private static final int KIB = 1024;

    private final LoopHost host = new LoopHost(
            0,
            new MediaConfig(0, List.of(InetAddress.getLoopbackAddress()), MediaCertificate.generate()),
            List.of(InetAddress.getLoopbackAddress()),
            Runnable::run);
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final BlockingQueue<EncodedFrame> tapped = new LinkedBlockingQueue<>();
    private final NativeInjector injector = new NativeInjector(
            Whose.UNKNOWN,
            host,
            1,
            Runnable::run,
            new MediaInjector.Events() {
                @Override
                public void onKeyFrameWanted(InjectedTrack track) {
                    told.add("key frame");
                }

                @Override
                public void onClosed(MediaEnd end) {
                    told.add("closed " + end);
                }
            },
            ended -> told.add("given back"));

    @AfterEach
    void close() {
        host.close();
    }

    private void start() {
        host.start(task -> {
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            return thread;
        });
    }

    private InjectedTrack track(Codec codec) {
        return injector.addTrack(PublishedTrack.injected(codec, NOTHING, "stream", "track-" + codec), 1, false);
    }

    private static long nowMicros() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1000;
    }

    private static EncodedFrame frame(Codec codec, boolean key, byte[] data) {
        return new EncodedFrame(codec, key, nowMicros(), 0, 0, NOTHING, data);
    }

    private static byte[] vp8(boolean key, int size) {
        byte[] data = new byte[size];
        for (int i = 0; i < size; i++) {
            data[i] = (byte) (i * 7);
        }
        System.arraycopy(key ? VP8_KEY : new byte[] {0x11, 0, 0}, 0, data, 0, key ? VP8_KEY.length : 3);
        return data;
    }

    private void tap(InjectedTrack track) {
        track.media().tap(new MediaTap.Events() {
            @Override
            public void onFrame(EncodedFrame frame) {
                tapped.add(frame);
            }

            @Override
            public void onGap(int lostPackets) {
                told.add("gap");
            }

            @Override
            public void onEnded() {
                told.add("tap ended");
            }
        });
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T item = queue.poll(10, TimeUnit.SECONDS);
        if (item == null) {
            throw new AssertionError("nothing came");
        }
        return item;
    }

    @Test
    void framesComeOutOfATapAsTheyWentIn() throws Exception {
        injector.open();
        InjectedTrack video = track(Codec.VP8);
        InjectedTrack audio = track(Codec.OPUS);
        tap(video);
        List<EncodedFrame> written = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            written.add(frame(Codec.VP8, i == 0, vp8(i == 0, 3000 + i)));
        }
        written.forEach(frame -> assertTrue(video.write(frame)));
        start();
        for (EncodedFrame frame : written) {
            EncodedFrame given = next(tapped);
            assertArrayEquals(frame.data(), given.data());
            assertEquals(frame.key(), given.key());
            assertTrue(Math.abs(frame.captureMicros() - given.captureMicros()) < 100_000);
        }
        tap(audio);
        assertTrue(audio.write(frame(Codec.OPUS, false, new byte[] {0x78, 1, 2, 3})));
        assertArrayEquals(new byte[] {0x78, 1, 2, 3}, next(tapped).data());
        assertEquals(List.of(), List.copyOf(told));
    }

    @Test
    void videoThatDoesNotBeginWithAKeyFrameAsksForOne() throws Exception {
        injector.open();
        InjectedTrack video = track(Codec.VP8);
        tap(video);
        start();
        assertTrue(video.write(frame(Codec.VP8, false, vp8(false, 10))));
        assertEquals("key frame", next(told));
        assertTrue(video.write(frame(Codec.VP8, true, vp8(true, 10))));
        assertTrue(next(tapped).key());
    }

    @Test
    void whatCannotBeSentIsRefused() {
        injector.open();
        InjectedTrack video = track(Codec.VP8);
        assertFalse(video.write(frame(Codec.VP8, true, NOTHING)));
        assertFalse(video.write(frame(Codec.VP9, true, vp8(true, 10))));
        assertFalse(video.write(frame(Codec.VP8, true, new byte[InjectedTrack.MAX_FRAME_BYTES + 1])));
        assertFalse(video.write(frame(Codec.VP8, false, vp8(false, 10))), "nothing before the next key frame");
        assertTrue(video.write(frame(Codec.VP8, true, vp8(true, 10))));
        byte[] data = {0x65};
        byte[] tooLong = new byte[InjectedTrack.MAX_PRIVATE_BYTES + 1];
        assertFalse(track(Codec.H264).write(new EncodedFrame(Codec.H264, true, 0, 0, 0, tooLong, data)));
    }

    @Test
    void picturesThatAreTooMuchAreLostUpToAKeyFrame() throws Exception {
        injector.open();
        InjectedTrack video = track(Codec.VP8);
        tap(video);
        int taken = 0;
        while (video.write(frame(Codec.VP8, taken == 0, vp8(taken == 0, 512 * KIB)))) {
            taken++;
        }
        assertEquals(NativeInjector.LIMITS.bytes() / (512 * KIB), taken);
        assertFalse(
                video.write(frame(Codec.VP8, false, vp8(false, 10))), "small, but of no use without the one before");
        start();
        for (int i = 0; i < taken; i++) {
            next(tapped);
        }
        assertFalse(video.write(frame(Codec.VP8, false, vp8(false, 10))));
        assertTrue(video.write(frame(Codec.VP8, true, vp8(true, 10))));
        assertTrue(next(tapped).key());
    }

    @Test
    void nothingIsTakenOnceItIsClosed() throws Exception {
        injector.open();
        InjectedTrack video = track(Codec.VP8);
        tap(video);
        start();
        assertTrue(video.write(frame(Codec.VP8, true, vp8(true, 10))));
        next(tapped);
        injector.close();
        injector.close();
        assertFalse(video.write(frame(Codec.VP8, true, vp8(true, 10))));
        assertEquals("given back", next(told));
        assertEquals("tap ended", next(told));
        video.media().remove();
        assertEquals(List.of(), List.copyOf(told));
    }

    @Test
    void saysThatItsLoopHasFailed() throws Exception {
        injector.open();
        InjectedTrack video = track(Codec.VP8);
        injector.lost();
        injector.lost();
        assertEquals("closed BUG", next(told));
        assertFalse(video.write(frame(Codec.VP8, true, vp8(true, 10))));
        assertEquals(List.of(), List.copyOf(told));
    }

    @Test
    void hasNoPlaceOnALoopThatHasEnded() throws Exception {
        host.close();
        injector.open();
        assertEquals("closed BUG", next(told));
        assertFalse(track(Codec.VP8).write(frame(Codec.VP8, true, vp8(true, 10))));
    }
}
