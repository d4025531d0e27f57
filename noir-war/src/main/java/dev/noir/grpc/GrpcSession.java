package dev.noir.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.noir.access.Password;
import dev.noir.access.Visitor;
import dev.noir.grpc.Descriptions.BadDescription;
import dev.noir.protocol.ErrorCodes;
import dev.noir.room.CloseCause;
import dev.noir.room.LocalCandidate;
import dev.noir.room.ModerationCommand;
import dev.noir.room.ModerationResult;
import dev.noir.room.Notification;
import dev.noir.room.Reply;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.Scheduler;
import dev.noir.room.TransportRole;
import dev.noir.signal.ClientSession;
import dev.noir.signal.JoinWish;
import dev.noir.signal.Outbox;
import dev.noir.signal.SignalServer;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * One stream, which is one peer, between its messages and the core. Kinds know the words of their service.
 *
 * <p>Thread: {@code received} one at a time; the rest any.
 */
abstract class GrpcSession extends ClientSession implements StreamSession {
    static final int NORMAL = 1000; // RFC 6455 §7.4.1, as in ClientSession.
    private static final int BAD_REQUEST = 400;

    private static final Logger LOG = System.getLogger(GrpcSession.class.getName());

    // Given.
    private final UnaryOperator<byte[]> framing;

    /** @param framing what the transport puts around a message */
    GrpcSession(SignalServer server, Outbox outbox, Visitor visitor, UnaryOperator<byte[]> framing) {
        super(server, outbox, visitor);
        this.framing = framing;
    }

    /** A message of the client's. */
    @Override
    public final void received(byte[] message) {
        if (!takesMore()) {
            return;
        }
        if (message.length > longest()) {
            endNow(TOO_BIG, "a message may have " + longest() + " bytes");
            return;
        }
        if (!mayCost(message.length)) {
            return;
        }
        try {
            read(message);
        } catch (InvalidProtocolBufferException e) {
            sendError("", BAD_REQUEST, "this is no message of this service");
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "a message failed", e);
            sendError("", ErrorCodes.of(RoomException.Code.INTERNAL), "internal error");
        }
    }

    @Override
    public final Scheduler.Timer after(Duration delay, Runnable task) {
        return schedule(delay, task);
    }

    @Override
    public final boolean ended() {
        return isOver();
    }

    /** In bytes, now. */
    @Override
    public final int longest() {
        return maxMessageLength();
    }

    /** Somebody has shown who he is. False: it is over. */
    final boolean show(Visitor known) {
        return identified(known);
    }

    /** The client has said that it will say nothing more, which is its way to leave. */
    @Override
    public final void finished() {
        requests().leave(this);
        endAfterSending(NORMAL, "");
    }

    /** Ends the stream without another message. */
    @Override
    public final void end(GrpcCode code, String why) {
        endNow(code.closeCode(), why);
    }

    /** Sends what the transport has before all messages. */
    @Override
    public final void begin(byte[] headers) {
        send(headers);
    }

    /** Ends the stream as gRPC ends those of which nothing can come. */
    final void refuse(RoomException error) {
        endAfterSending(GrpcCode.of(error.code()).closeCode(), String.valueOf(error.getMessage()));
    }

    final void sendMessage(MessageLite message) {
        send(framing.apply(message.toByteArray()));
    }

    abstract void read(byte[] message) throws InvalidProtocolBufferException;

    abstract void sendJoined(String id, String sdp);

    /** A join has been refused. */
    abstract void sendRefused(String id, RoomException error);

    abstract void sendDescription(String id, String type, String sdp);

    abstract void sendTrickle(TransportRole role, String init);

    abstract void sendError(String id, int code, String why);

    /** Something to be said before the end, if there are words for it. */
    void sendEnd(CloseCause cause) {}

    /** @param config as sent; {@code password} and {@code resume} are texts, others are set or not */
    final void askToJoin(
            String id, String sid, String uid, String offer, Map<String, String> config, Stream<String> set) {
        if (!mayNegotiate()) {
            return;
        }
        Reply reply = new Answer(id) {
            @Override
            public void answer(String sdp) {
                sendJoined(id, sdp);
            }

            @Override
            public void error(RoomException error) {
                sendRefused(id, error);
            }
        };
        reply.ask(to -> join(
                new JoinWish(
                        new RoomId(sid),
                        uid,
                        offer,
                        JoinWish.config(set),
                        new Password(config.getOrDefault("password", "")),
                        new Password(config.getOrDefault("resume", ""))),
                to));
    }

    final void described(String id, String type, String sdp) {
        Reply reply = new Answer(id);
        switch (type) {
            case "offer" -> {
                if (mayNegotiate()) {
                    reply.ask(to -> requests().offer(this, sdp, to));
                }
            }
            case "answer" -> reply.ask(to -> requests().answer(this, sdp, to));
            default -> sendError(id, BAD_REQUEST, "a description's type must be \"offer\" or \"answer\"");
        }
    }

    final void described(String id, byte[] json) {
        try {
            Descriptions.Description description = Descriptions.description(json);
            described(id, description.type(), description.sdp());
        } catch (BadDescription e) {
            bad(id, String.valueOf(e.getMessage()));
        }
    }

    /** Clients of ion never say for which connection a candidate is; it is only looked at. */
    final void trickled(String id, int target, String init) {
        try {
            String candidate = Descriptions.candidate(init);
            TransportRole role =
                    target == TransportRole.SUBSCRIBER.target() ? TransportRole.SUBSCRIBER : TransportRole.PUBLISHER;
            Reply reply = new Answer(id);
            reply.ask(to -> requests().trickle(this, role, candidate, to));
        } catch (BadDescription e) {
            bad(id, String.valueOf(e.getMessage()));
        }
    }

    /** What of others is to be offered. */
    final void subscribe(ModerationCommand.Subscribe asked, Reply reply) {
        if (mayNegotiate()) {
            reply.ask(to -> requests().moderate(this, asked, to));
        }
    }

    final void bad(String id, String why) {
        sendError(id, BAD_REQUEST, why);
    }

    /** What comes of a request. */
    class Answer implements Reply {
        private final String id;

        Answer(String id) {
            this.id = id;
        }

        @Override
        public void answer(String sdp) {
            sendDescription(id, "answer", sdp);
        }

        @Override
        public void result(ModerationResult result) {
            // Nobody moderates with these words.
        }

        @Override
        public void done() {
            // Success is not told.
        }

        @Override
        public void error(RoomException error) {
            sendError(id, ErrorCodes.of(error.code()), String.valueOf(error.getMessage()));
        }
    }

    @Override
    public final void offer(String sdp) {
        sendDescription("", "offer", sdp);
    }

    @Override
    public final void trickle(TransportRole role, LocalCandidate candidate) {
        sendTrickle(role, Descriptions.json(candidate));
    }

    /** Of what a room tells, these services have words for what went wrong alone. */
    @Override
    public void notify(Notification notification) {
        if (notification instanceof Notification.Refused refused) {
            sendError("", ErrorCodes.of(RoomException.Code.FORBIDDEN), refused.reason());
        }
    }

    @Override
    public final void close(CloseCause cause) {
        sendEnd(cause);
        endAfterSending(cause.code(), cause.reason());
    }
}
