package dev.noir.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.media.Codec;
import dev.noir.media.MediaCertificate;
import dev.noir.media.MediaConfig;
import dev.noir.media.TapFrame;
import dev.noir.room.EncodedFrame;
import dev.noir.room.MediaTap;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a loop gives to a tap on its way to the listener. The loop does not run: the test is its thread. */
final class NativeTapTest {
    private static final int MIB = 1024 * 1024;

    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final LoopHost host = new LoopHost(
            0,
            new MediaConfig(0, List.of(InetAddress.getLoopbackAddress()), MediaCertificate.generate()),
            List.of(InetAddress.getLoopbackAddress()),
            tasks::add);
    private final List<String> told = new ArrayList<>();
    private final NativeTap tap = new NativeTap(host, new Notes(false));
    private long captureMicros;

    private final class Notes implements MediaTap.Events {
        private final boolean quick;

        Notes(boolean quick) {
            this.quick = quick;
        }

        @Override
        public boolean isQuick() {
            return quick;
        }

        @Override
        public void onFrame(EncodedFrame frame) {
            told.add((frame.key() ? "key " : "") + frame.captureMicros());
        }

        @Override
        public void onGap(int lostPackets) {
            told.add("gap " + lostPackets);
        }

        @Override
        public void onEnded() {
            told.add("ended");
        }
    }

    @AfterEach
    void close() {
        host.close();
    }

    private void frame(Codec codec, boolean key, int lost, int size) {
        frame(tap, codec, key, lost, size);
    }

    private void frame(NativeTap to, Codec codec, boolean key, int lost, int size) {
        to.frame(new TapFrame(codec, key, captureMicros++, 0, 90_000, lost, 0, 0, new byte[0], new byte[size]));
    }

    private void runTasks() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            task.run();
        }
    }

    @Test
    void handsFramesOverInOrderEachBehindItsGap() {
        frame(Codec.VP8, true, 0, 10);
        frame(Codec.VP8, false, 0, 10);
        frame(Codec.VP8, true, 7, 10);
        assertEquals(List.of(), told);
        runTasks();
        assertEquals(List.of("key 0", "1", "gap 7", "key 2"), told);
    }

    @Test
    void picturesThatAreTooMuchAreLostUpToAKeyFrame() {
        frame(Codec.VP8, true, 0, MIB);
        for (int i = 0; i < 4; i++) {
            frame(Codec.VP8, false, 0, MIB);
        }
        frame(Codec.VP8, false, 0, 10);
        frame(Codec.VP8, true, 0, 2 * MIB);
        runTasks();
        frame(Codec.VP8, false, 2, 10);
        frame(Codec.VP8, true, 1, 10);
        frame(Codec.VP8, false, 0, 10);
        runTasks();
        assertEquals(List.of("key 0", "1", "2", "3", "gap 7", "key 8", "9"), told);
    }

    @Test
    void soundThatIsTooMuchIsLostAlone() {
        for (int i = 0; i < NativeTap.LIMITS.messages() + 2; i++) {
            frame(Codec.OPUS, true, 0, 1);
        }
        runTasks();
        frame(Codec.OPUS, true, 0, 1);
        runTasks();
        assertEquals(NativeTap.LIMITS.messages() + 2, told.size());
        assertEquals(List.of("gap 2", "key " + (captureMicros - 1)), told.subList(told.size() - 2, told.size()));
    }

    @Test
    void nothingIsToldOnceItIsClosed() {
        frame(Codec.VP8, true, 0, 10);
        tap.close();
        frame(Codec.VP8, true, 0, 10);
        tap.ended();
        runTasks();
        assertEquals(List.of(), told);
    }

    @Test
    void endsOnce() {
        frame(Codec.VP8, true, 0, 10);
        tap.ended();
        tap.ended();
        runTasks();
        assertEquals(List.of("key 0", "ended"), told);
    }

    @Test
    void whoIsQuickIsToldAtOnceHoweverMuchItIs() {
        NativeTap quick = new NativeTap(host, new Notes(true));
        for (int i = 0; i < 2 * NativeTap.LIMITS.messages(); i++) {
            frame(quick, Codec.VP8, i == 0, i == 2 ? 1 : 0, MIB / 1024);
        }
        quick.ended();
        assertEquals(0, tasks.size());
        assertEquals(2 * NativeTap.LIMITS.messages() + 2, told.size());
        assertEquals(List.of("key 0", "1", "gap 1", "2"), told.subList(0, 4));
        assertEquals("ended", told.get(told.size() - 1));
    }
}
