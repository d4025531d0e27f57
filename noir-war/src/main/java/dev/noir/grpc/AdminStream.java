package dev.noir.grpc;

import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import dev.noir.access.LateProof;
import dev.noir.access.Visitor;
import dev.noir.admin.Actor;
import dev.noir.admin.Administrators;
import dev.noir.proto.noir.AdminClient;
import dev.noir.proto.noir.NoirReply;
import dev.noir.proto.noir.NoirRequest;
import dev.noir.room.Scheduler;
import dev.noir.signal.ManagedSession;
import dev.noir.signal.ManagementSockets;
import dev.noir.signal.Outbox;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One stream of an administrator's. Thread: as {@link StreamSession}. */
final class AdminStream extends ManagedSession implements StreamSession {
    private static final int MAX_NAME = 256;

    // Given.
    private final NoirAdmin admin;
    private final AdminMethod method;
    private final String door;
    private final UnaryOperator<byte[]> framing;

    // Set once, before anything is received.
    private volatile @Nullable NoirTalk talk;
    private volatile String principal = "";

    // State: what is not answered yet, and one for the client as long as it may say more.
    private final AtomicInteger open = new AtomicInteger(1);
    private volatile String subscribed = ""; // Under which name; empty: not.
    private boolean asked; // Of the reading thread.

    AdminStream(
            ManagementSockets sockets,
            Outbox outbox,
            NoirAdmin admin,
            AdminMethod method,
            String door,
            UnaryOperator<byte[]> framing) {
        super(sockets, outbox);
        this.admin = admin;
        this.method = method;
        this.door = door;
        this.framing = framing;
    }

    /** Whether somebody may go on; else the stream is being ended. To be called once, first. */
    boolean enter(Visitor known, LateProof proof, String authorization) {
        Administrators.Entered entered =
                admin.administrators().enter(known, authorization).orElse(null);
        if (entered == null) {
            LateProof.Outcome who = proof.prove(authorization);
            if (!who.refusal().isEmpty()) {
                end(GrpcCode.UNAUTHENTICATED, who.refusal());
                return false;
            }
            entered = admin.administrators().enter(who.visitor(), "").orElse(null);
            if (entered == null) {
                boolean nobody = who.visitor().caller().isAnonymous();
                end(
                        nobody ? GrpcCode.UNAUTHENTICATED : GrpcCode.PERMISSION_DENIED,
                        nobody ? "please say who you are" : "you may not administrate noiR");
                return false;
            }
        }
        Visitor visitor = entered.visitor();
        principal = visitor.caller().principal();
        talk = admin.talk(new Actor(visitor.caller(), door), visitor, entered.stillMay(), new Ear());
        belongsTo(visitor);
        return true;
    }

    private final class Ear implements NoirTalk.Ear {
        @Override
        public void hear(NoirReply reply) {
            say(reply);
        }

        @Override
        public int waiting() {
            return waitingToBeSent();
        }
    }

    private void say(MessageLite message) {
        send(framing.apply(message.toByteArray()));
    }

    @Override
    public void begin(byte[] headers) {
        send(headers);
    }

    @Override
    public void received(byte[] message) {
        NoirTalk entered = talk;
        if (entered == null || !takesPart()) {
            return;
        }
        if (message.length > longest()) {
            end(GrpcCode.RESOURCE_EXHAUSTED, "a message may have " + longest() + " bytes");
            return;
        }
        switch (method) {
            case ADMIN -> admin(entered, message);
            case SEND, SUBSCRIBE -> {
                if (asked) {
                    end(GrpcCode.INVALID_ARGUMENT, "this method takes one message");
                    return;
                }
                asked = true;
                once(message);
            }
        }
    }

    private void admin(NoirTalk entered, byte[] message) {
        if (!mayAsk()) {
            return;
        }
        open.incrementAndGet();
        CompletionStage<?> unused = entered.answer(message).whenComplete((answer, failure) -> {
            if (failure == null) {
                answer.reply().ifPresent(this::say);
            }
            answered();
            done();
        });
    }

    private void once(byte[] message) {
        try {
            if (method == AdminMethod.SEND) {
                send(NoirRequest.parseFrom(message));
            } else {
                subscribe(AdminClient.parseFrom(message).getClientID());
            }
        } catch (InvalidProtocolBufferException e) {
            end(GrpcCode.INVALID_ARGUMENT, "this is no message of this method");
        }
    }

    /** Who sends is told whether it was done; the reply itself goes to who has subscribed. */
    private void send(NoirRequest request) {
        AdminStream subscriber = admin.subscriber(principal, request.getAdminID());
        NoirTalk hearing = subscriber == null ? null : subscriber.talk;
        if (request.hasSignal() && hearing == null) {
            end(
                    GrpcCode.FAILED_PRECONDITION,
                    "nobody has subscribed under this adminID, to hear what clients are told");
            return;
        }
        NoirTalk mine = talk;
        if (mine == null) {
            return;
        }
        NoirTalk doing = hearing == null ? mine : hearing;
        CompletionStage<?> unused = doing.answer(request).whenComplete((answer, failure) -> {
            if (failure != null) {
                end(GrpcCode.INTERNAL, "internal error");
                return;
            }
            if (subscriber != null) {
                answer.reply().ifPresent(subscriber::say);
            }
            if (answer.why().isEmpty()) {
                say(Empty.getDefaultInstance());
                endAfterSending(GrpcSession.NORMAL, "");
            } else {
                endAfterSending(answer.code().closeCode(), answer.why());
            }
        });
    }

    private void subscribe(String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            end(GrpcCode.INVALID_ARGUMENT, "clientID must have 1 to " + MAX_NAME + " characters");
            return;
        }
        subscribed = name;
        AdminStream before = admin.subscribe(principal, name, this);
        if (before != null) {
            before.end(GrpcCode.ABORTED, "somebody else has subscribed under this name");
        }
        if (isOver()) {
            gone();
        }
    }

    /** What is under way is answered first. */
    @Override
    public void finished() {
        if (method == AdminMethod.ADMIN) {
            done();
        } else if (!asked) {
            end(GrpcCode.INVALID_ARGUMENT, "this method takes one message");
        }
    }

    private void done() {
        if (open.decrementAndGet() == 0) {
            endAfterSending(GrpcSession.NORMAL, "");
        }
    }

    @Override
    public boolean ended() {
        return isOver();
    }

    /** A client's offer has as much room as in a stream of its own. */
    @Override
    public int longest() {
        return admin.signal().limits().maxJoinedFrameChars();
    }

    @Override
    public void end(GrpcCode code, String why) {
        endNow(code.closeCode(), why);
    }

    @Override
    public Scheduler.Timer after(Duration delay, Runnable task) {
        return schedule(delay, task);
    }

    @Override
    protected void gone() {
        if (!subscribed.isEmpty()) {
            admin.unsubscribe(principal, subscribed, this);
        }
        NoirTalk entered = talk;
        if (entered != null) {
            entered.close();
        }
    }
}
