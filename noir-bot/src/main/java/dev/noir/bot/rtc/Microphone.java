package dev.noir.bot.rtc;

import dev.noir.bot.Sound;
import dev.onvoid.webrtc.media.audio.AudioTrack;
import dev.onvoid.webrtc.media.audio.CustomAudioSource;

/**
 * Sound that is published. libwebrtc's binding does not lock the list of those who get it, so nothing is pushed while that may
 * change: only between {@link #open} and {@link #close}. Thread: any.
 */
public final class Microphone {
    private static final int BITS = 16;

    private final CustomAudioSource source = new CustomAudioSource();
    private final AudioTrack track;
    private boolean open; // Guarded by `this`, for as long as a push takes.

    /** @param id of the track, a token of RFC 8830 */
    public Microphone(Webrtc webrtc, String id) {
        track = webrtc.sending().createAudioTrack(id, source);
    }

    AudioTrack track() {
        return track;
    }

    synchronized void open() {
        open = true;
    }

    synchronized void close() {
        open = false;
    }

    /** Sends 10 ms of sound, which is due now; before it is published, and afterwards, to nobody. */
    public void play(Sound sound) {
        byte[] bytes = new byte[sound.frames() * sound.channels() * 2];
        for (int i = 0; i < sound.frames() * sound.channels(); i++) {
            short sample = sound.samples().get(i);
            bytes[2 * i] = (byte) sample;
            bytes[2 * i + 1] = (byte) (sample >> 8);
        }
        synchronized (this) {
            if (open) {
                source.pushAudio(bytes, BITS, sound.rate(), sound.channels(), sound.frames());
            }
        }
    }
}
