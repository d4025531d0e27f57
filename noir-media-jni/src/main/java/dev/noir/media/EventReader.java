package dev.noir.media;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

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
 *   8 tap frame:        detail = 1 first part, 2 last part,    id = tap,       bytes = part
 *   9 tap ended:                                               id = tap
 *  10 key frame wanted:                                        id = track
 * </pre>
 *
 * A frame comes in so many parts, one behind the other, as the buffer's size makes of it. In front of the first one stands
 *
 * <pre>
 *   i64 capture µs | u64 rtp time | u32 clock rate | u32 lost | u32 bytes of the frame | u16 width | u16 height
 *   | u16 bytes of codec private | u8 codec | u8 key | u32 0 | codec private
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
    private static final int TAP_FRAME = 8;
    private static final int TAP_ENDED = 9;
    private static final int KEY_FRAME_WANTED = 10;
    private static final int ENCODING_LEARNED = 11;

    private static final int FIRST_PART = 1;
    private static final int LAST_PART = 2;

    /** Gets what a listener throws; the events after it are still delivered. */
    interface Failures {
        void onFailure(RuntimeException failure);
    }

    private final ByteBuffer buffer;
    private final MediaEvents events;
    private final Failures failures;
    private @Nullable TapFrame frame; // Of which parts are still to come,
    private int frameAt; // from here on.

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
        if (type == TAP_FRAME) {
            int end = buffer.getInt() + buffer.position();
            tell(() -> readPart(detail, id, end));
            buffer.position(end);
            return;
        }
        byte[] payload = Wire.readBytes(buffer);
        tell(() -> deliver(type, detail, number, id, payload));
    }

    private void readPart(int parts, int id, int end) {
        if ((parts & FIRST_PART) != 0) {
            frame = readHead();
            frameAt = 0;
        }
        int size = end - buffer.position();
        TapFrame read = frame;
        if (read == null) {
            throw new MediaException(ErrorCode.MALFORMED, "a part of a frame without its first one");
        }
        buffer.get(read.data(), frameAt, size);
        frameAt += size;
        if ((parts & LAST_PART) != 0) {
            frame = null;
            events.onTapFrame(new TapId(id), read);
        }
    }

    private TapFrame readHead() {
        long captureMicros = buffer.getLong();
        long rtpTime = buffer.getLong();
        int clockRate = buffer.getInt();
        int lost = buffer.getInt();
        byte[] data = new byte[buffer.getInt()];
        int width = Short.toUnsignedInt(buffer.getShort());
        int height = Short.toUnsignedInt(buffer.getShort());
        byte[] codecPrivate = new byte[Short.toUnsignedInt(buffer.getShort())];
        Codec codec = Codec.of(buffer.get());
        boolean key = buffer.get() != 0;
        buffer.getInt();
        buffer.get(codecPrivate);
        return new TapFrame(codec, key, captureMicros, rtpTime, clockRate, lost, width, height, codecPrivate, data);
    }

    private void tell(Runnable event) {
        try {
            event.run();
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
            case TAP_ENDED -> events.onTapEnded(new TapId(id));
            case KEY_FRAME_WANTED -> events.onKeyFrameWanted(new TrackId(id));
            case ENCODING_LEARNED -> {
                int[] ssrcs = readInts(payload);
                events.onEncodingLearned(
                        new TrackId(id), detail, Integer.toUnsignedLong(ssrcs[0]), Integer.toUnsignedLong(ssrcs[1]));
            }
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
