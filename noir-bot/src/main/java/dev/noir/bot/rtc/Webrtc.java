package dev.noir.bot.rtc;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.media.MediaType;
import dev.onvoid.webrtc.media.audio.AudioDeviceModule;
import dev.onvoid.webrtc.media.audio.AudioLayer;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;

/**
 * libwebrtc without a sound card. Two factories: the headless device plays, which drives decoding, but it records too, on a thread
 * that collides with the sound that is pushed; so what sends has a device that does nothing. Thread: any.
 */
public final class Webrtc {
    private final PeerConnectionFactory sending;
    private final PeerConnectionFactory receiving;

    private Webrtc() {
        sending = new PeerConnectionFactory(new AudioDeviceModule(AudioLayer.kDummyAudio));
        receiving = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
    }

    /**
     * Once in a process, which it stays in: its end is not always survived.
     *
     * @throws RtcException when the system lacks libraries, which it names
     */
    public static Webrtc load() throws RtcException {
        try {
            return new Webrtc();
        } catch (LinkageError | RuntimeException e) { // The binding wraps whatever its loader says.
            throw new RtcException(Libraries.complaint(e, Libraries::isInstalled), e);
        }
    }

    PeerConnectionFactory sending() {
        return sending;
    }

    PeerConnectionFactory receiving() {
        return receiving;
    }

    /** Blocks until its threads have had their turn: for ever when one of them hangs. */
    public void prove() {
        sending.getRtpSenderCapabilities(MediaType.AUDIO);
        receiving.getRtpReceiverCapabilities(MediaType.AUDIO);
    }
}
