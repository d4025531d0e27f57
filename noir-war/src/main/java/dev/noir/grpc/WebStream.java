package dev.noir.grpc;

import dev.noir.room.Scheduler;
import dev.noir.signal.SocketReader;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Reads a gRPC-web stream on a WebSocket with the subprotocol {@code grpc-websockets}: headers first, then a byte before each part of
 * the stream that says whether it is its end. Thread: the container's, one at a time per socket.
 */
final class WebStream implements SocketReader {
    static final String SUBPROTOCOL = "grpc-websockets";

    private static final int MAX_HEADERS = 32 * 1024; // A token may have half of it.
    private static final Duration HEADERS_DEADLINE = Duration.ofSeconds(10);
    private static final byte GOES_ON = 0;
    private static final byte ENDS = 1;
    private static final int FRAME_LUGGAGE = 1 + GrpcFrames.HEADER;

    // Given.
    private final StreamSession session;
    private final Predicate<String> gate;

    // Owned.
    private final Scheduler.Timer deadline;

    // State.
    private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
    private final GrpcFrames messages = new GrpcFrames();
    private boolean begun;

    /** @param gate whether somebody may go on who shows this; else it has ended the stream */
    WebStream(StreamSession session, Predicate<String> gate) {
        this.session = session;
        this.gate = gate;
        this.deadline =
                session.after(HEADERS_DEADLINE, () -> session.end(GrpcCode.UNAUTHENTICATED, "no headers have come"));
    }

    @Override
    public void received(String part, boolean last) {
        session.end(GrpcCode.INVALID_ARGUMENT, "binary frames only");
    }

    @Override
    public void receivedBinary(byte[] part, boolean last) {
        if (session.ended()) {
            session.heard(); // Which is the end of who goes on and on.
            return;
        }
        int longest = begun ? session.longest() + FRAME_LUGGAGE : MAX_HEADERS;
        if (frame.size() + part.length > longest) {
            session.end(GrpcCode.RESOURCE_EXHAUSTED, "a frame may have " + longest + " bytes");
            return;
        }
        frame.write(part, 0, part.length);
        if (last) {
            byte[] whole = frame.toByteArray();
            frame.reset();
            if (begun) {
                part(whole);
            } else {
                begin(new String(whole, StandardCharsets.ISO_8859_1));
            }
        }
    }

    private void begin(String headers) {
        begun = true;
        deadline.cancel();
        if (!gate.test(authorization(headers))) {
            return;
        }
        session.begin(GrpcFrames.trailers("content-type: application/grpc-web+proto\r\n"));
    }

    private static String authorization(String headers) {
        return headers.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("authorization:"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst()
                .orElse("");
    }

    private void part(byte[] bytes) {
        if (bytes.length == 0 || (bytes[0] != GOES_ON && bytes[0] != ENDS)) {
            session.end(GrpcCode.INVALID_ARGUMENT, "a frame begins with 0 or 1");
            return;
        }
        try {
            List<byte[]> whole = messages.add(bytes, 1, session.longest());
            whole.forEach(session::received);
        } catch (GrpcFrames.BadFrame e) {
            session.end(
                    e.isTooLong() ? GrpcCode.RESOURCE_EXHAUSTED : GrpcCode.INVALID_ARGUMENT,
                    String.valueOf(e.getMessage()));
            return;
        }
        if (bytes[0] == ENDS) {
            session.finished();
        }
    }

    @Override
    public void heard() {
        session.heard();
    }

    @Override
    public void closed() {
        deadline.cancel();
        session.closed();
    }

    @Override
    public void failed() {
        deadline.cancel();
        session.failed();
    }
}
