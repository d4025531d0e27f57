package dev.noir.media;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Decodes the batch of events that {@link Native#run} left in the event buffer. Each event is a header of 12 bytes and
 * then its text or bytes, little-endian:
 *
 * <pre>
 *   u8 type | u8 detail | u16 number | u32 id | u32 length | length bytes
 *   1 transport state:  detail = state, number = close reason, id = transport
 *   2 track active:     detail = encoding,                     id = track
 *   3 channel open:     detail = reliable, number = stream,    id = transport, bytes = label
 *   4 channel closed:   detail = reason, number = stream,      id = transport
 *   5 channel message:  detail = binary, number = stream,      id = transport, bytes = message
 *   6 layers wanted:    detail = encodings,                    id = track
 *   7 speakers:                                                id = group,     bytes = u32 each stream
 * </pre>
 *
 * {@code jni/event_writer.cpp} is the other half; {@code src/test/resources/wire/events.bin} holds both together.
 * Thread: loop.
 */
final class EventReader {

    static final int HEADER_BYTES = 12;

    private static final int TRANSPORT_STATE = 1;
    private static final int TRACK_ACTIVE = 2;
    private static final int CHANNEL_OPEN = 3;
    private static final int CHANNEL_CLOSED = 4;
    private static final int CHANNEL_MESSAGE = 5;
    private static final int LAYERS_WANTED = 6;
    private static final int SPEAKERS = 7;

    /** Gets what a listener throws; the events after it are still delivered. */
    interface Failures {
        void onFailure(RuntimeException failure);
    }

    private final ByteBuffer buffer;
    private final MediaEvents events;
    private final Failures failures;

    EventReader(ByteBuffer buffer, MediaEvents events, Failures failures) {
        this.buffer = buffer.order(Wire.ORDER);
        this.events = events;
        this.failures = failures;
    }

    void drain(int bytes) {
        buffer.limit(bytes).position(0);
        while (buffer.remaining() >= HEADER_BYTES) {
            readOne();
        }
    }

    private void readOne() {
        int type = Byte.toUnsignedInt(buffer.get());
        int detail = Byte.toUnsignedInt(buffer.get());
        int number = Short.toUnsignedInt(buffer.getShort());
        int id = buffer.getInt();
        byte[] payload = Wire.readBytes(buffer);
        try {
            deliver(type, detail, number, id, payload);
        } catch (RuntimeException e) {
            failures.onFailure(e);
        }
    }

    private void deliver(int type, int detail, int number, int id, byte[] payload) {
        switch (type) {
            case TRANSPORT_STATE ->
                events.onTransportState(new TransportId(id), TransportState.of(detail), CloseReason.of(number));
            case TRACK_ACTIVE -> events.onTrackActive(new TrackId(id), detail);
            case CHANNEL_OPEN ->
                events.onChannelOpen(
                        new TransportId(id), number, new String(payload, StandardCharsets.UTF_8), detail != 0);
            case CHANNEL_CLOSED -> events.onChannelClosed(new TransportId(id), number, ChannelCloseReason.of(detail));
            case CHANNEL_MESSAGE -> events.onChannelMessage(new TransportId(id), number, detail != 0, payload);
            case LAYERS_WANTED -> events.onLayersWanted(new TrackId(id), detail);
            case SPEAKERS -> events.onSpeakers(id, readInts(payload));
            default -> throw new MediaException(ErrorCode.MALFORMED, "unknown event type " + type);
        }
    }

    private static int[] readInts(byte[] payload) {
        int[] values = new int[payload.length / Integer.BYTES];
        ByteBuffer.wrap(payload).order(Wire.ORDER).asIntBuffer().get(values);
        return values;
    }
}
