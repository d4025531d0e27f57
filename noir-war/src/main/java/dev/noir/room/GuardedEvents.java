package dev.noir.room;

/** Events of a transport; one that fails is a bug, and costs its peer the place in the room, nobody else. Thread: rooms. */
final class GuardedEvents implements MediaTransport.Events {
    // Given.
    private final Room room;
    private final Peer peer;
    private final MediaTransport.Events events;

    GuardedEvents(Room room, Peer peer, MediaTransport.Events events) {
        this.room = room;
        this.peer = peer;
        this.events = events;
    }

    @Override
    public void onState(TransportState state, MediaEnd end) {
        room.guard(peer, () -> events.onState(state, end));
    }

    @Override
    public void onLayersWanted(MediaTrack track, int encodings) {
        room.guard(peer, () -> events.onLayersWanted(track, encodings));
    }

    @Override
    public void onEncodingLearned(MediaTrack track, int encoding, long ssrc, long rtxSsrc) {
        room.guard(peer, () -> events.onEncodingLearned(track, encoding, ssrc, rtxSsrc));
    }

    @Override
    public void onChannelOpen(MediaChannel channel) {
        room.guard(peer, () -> events.onChannelOpen(channel));
    }

    @Override
    public void onChannelClosed(MediaChannel channel, ChannelEnd end) {
        room.guard(peer, () -> events.onChannelClosed(channel, end));
    }

    @Override
    public void onChannelMessage(MediaChannel channel, boolean binary, byte[] message) {
        room.guard(peer, () -> events.onChannelMessage(channel, binary, message));
    }
}
