package dev.noir.it;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.media.audio.AudioDeviceModule;
import dev.onvoid.webrtc.media.audio.AudioLayer;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;

/**
 * libwebrtc without sound card. Two factories: the headless device plays, which drives decoding, but it records too, on
 * a thread that collides with the sound we push; so what sends has a device that does nothing.
 */
final class WebRtc implements AutoCloseable {
    private final PeerConnectionFactory sending =
            new PeerConnectionFactory(new AudioDeviceModule(AudioLayer.kDummyAudio));
    private final PeerConnectionFactory receiving = new PeerConnectionFactory(new HeadlessAudioDeviceModule());

    PeerConnectionFactory sending() {
        return sending;
    }

    PeerConnectionFactory receiving() {
        return receiving;
    }

    @Override
    public void close() {
        sending.dispose();
        receiving.dispose();
    }
}
