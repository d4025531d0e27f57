package dev.noir.media;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers every event as a line of text. */
class RecordingEvents implements MediaEvents {

    final List<String> lines = new CopyOnWriteArrayList<>();

    @Override
    public void onTransportState(TransportId transport, TransportState state, CloseReason reason) {
        lines.add("state " + Integer.toHexString(transport.value()) + " " + state + " " + reason);
    }

    @Override
    public void onTrackActive(TrackId track, int encoding) {
        lines.add("active " + Integer.toHexString(track.value()) + " " + encoding);
    }

    @Override
    public void onEncodingLearned(TrackId track, int encoding, long ssrc, long rtxSsrc) {
        lines.add("learned " + Integer.toHexString(track.value()) + " " + encoding + " " + ssrc + " " + rtxSsrc);
    }

    @Override
    public void onLayersWanted(TrackId track, int encodings) {
        lines.add("wanted " + Integer.toHexString(track.value()) + " " + encodings);
    }

    @Override
    public void onChannelOpen(TransportId transport, int streamId, String label, boolean reliable) {
        lines.add("open " + Integer.toHexString(transport.value()) + " " + streamId + " " + label + " " + reliable);
    }

    @Override
    public void onChannelClosed(TransportId transport, int streamId, ChannelCloseReason reason) {
        lines.add("closed " + Integer.toHexString(transport.value()) + " " + streamId + " " + reason);
    }

    @Override
    public void onChannelMessage(TransportId transport, int streamId, boolean binary, byte[] message) {
        lines.add("message " + Integer.toHexString(transport.value()) + " " + streamId + " " + binary + " "
                + message.length);
    }

    @Override
    public void onTapFrame(TapId tap, TapFrame frame) {
        lines.add("frame " + Integer.toHexString(tap.value()) + " " + frame.codec() + (frame.key() ? " key " : " ")
                + frame.captureMicros() + " " + frame.rtpTime() + "/" + frame.clockRate() + " " + frame.lost() + " "
                + frame.width() + "x" + frame.height() + " " + Arrays.toString(frame.codecPrivate()) + " "
                + Arrays.toString(frame.data()));
    }

    @Override
    public void onTapEnded(TapId tap) {
        lines.add("ended " + Integer.toHexString(tap.value()));
    }

    @Override
    public void onKeyFrameWanted(TrackId track) {
        lines.add("key " + Integer.toHexString(track.value()));
    }

    @Override
    public void onSpeakers(int group, int[] streams) {
        lines.add("speakers " + Integer.toHexString(group) + " " + Arrays.toString(streams));
    }
}
