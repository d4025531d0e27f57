package dev.noir.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.noir.access.Visitor;
import dev.noir.admin.Actor;
import dev.noir.admin.EventFollows;
import dev.noir.admin.RpcDoor;
import dev.noir.proto.noir.AdminReply;
import dev.noir.proto.noir.AdminRequest;
import dev.noir.proto.noir.NoirReply;
import dev.noir.proto.noir.NoirRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What one administrator says in the original's words, and hears: commands, and the signalling of many clients. Thread: any. */
final class NoirTalk implements AutoCloseable {
    /** What is said to whoever may not. */
    static final String FORBIDDEN = "you may not administrate noiR any more";

    /**
     * What is said to one message.
     *
     * @param reply empty: nothing, or something later
     * @param why not; empty: it was done, or is JSON-RPC, which says so itself
     */
    record Answer(Optional<NoirReply> reply, GrpcCode code, String why) {
        static final Answer NOTHING = new Answer(Optional.empty(), GrpcCode.OK, "");
    }

    // Given.
    private final NoirAdmin admin;
    private final Actor actor;
    private final BooleanSupplier stillMay;

    // Owned.
    private final TalkClients clients;
    private final Events events;
    private volatile @Nullable EventFollows follows; // Made with the first question: commands are made after the doors.

    NoirTalk(NoirAdmin admin, Actor actor, Visitor visitor, BooleanSupplier stillMay, Ear ear) {
        this.admin = admin;
        this.actor = actor;
        this.stillMay = stillMay;
        this.clients = new TalkClients(
                admin.signal(),
                visitor,
                signal -> ear.hear(reply("").setSignal(signal).build()));
        this.events = new Events(ear);
    }

    /** Who hears what is a reply to nothing in particular. */
    interface Ear {
        /** Does not block. */
        void hear(NoirReply reply);

        /** How many messages have not been sent yet. */
        int waiting();
    }

    /** Notifications of JSON-RPC, in the original's envelopes. */
    private final class Events implements EventFollows.Ear {
        private final Ear ear;

        Events(Ear ear) {
            this.ear = ear;
        }

        @Override
        public void hear(String text) {
            ear.hear(reply("", AdminReply.newBuilder().setRpc(text).build()));
        }

        @Override
        public int waiting() {
            return ear.waiting();
        }
    }

    /** Never fails. */
    CompletionStage<Answer> answer(byte[] message) {
        try {
            return answer(NoirRequest.parseFrom(message));
        } catch (InvalidProtocolBufferException e) {
            return failed("", GrpcCode.INVALID_ARGUMENT, "this is no NoirRequest");
        }
    }

    /** Never fails. */
    CompletionStage<Answer> answer(NoirRequest request) {
        String id = request.getId();
        if (!stillMay.getAsBoolean()) {
            return failed(id, GrpcCode.PERMISSION_DENIED, FORBIDDEN);
        }
        return switch (request.getCommandCase()) {
            case SIGNAL -> {
                clients.received(request.getSignal());
                yield CompletableFuture.completedStage(Answer.NOTHING);
            }
            case ADMIN ->
                request.getAdmin().hasRpc() ? rpc(id, request.getAdmin().getRpc()) : answer(id, request.getAdmin());
            case COMMAND_NOT_SET -> failed(id, GrpcCode.INVALID_ARGUMENT, "this asks for nothing");
        };
    }

    private CompletionStage<Answer> rpc(String id, String text) {
        return admin.commands()
                .answer(actor, text, follows().methods(), RpcDoor.MAX_CHARS)
                .thenApply(told -> new Answer(
                        told.map(answer ->
                                reply(id, AdminReply.newBuilder().setRpc(answer).build())),
                        GrpcCode.OK,
                        ""));
    }

    private synchronized EventFollows follows() {
        EventFollows made = follows;
        if (made == null) {
            made = admin.commands().follows(actor, events, stillMay);
            follows = made;
        }
        return made;
    }

    private CompletionStage<Answer> answer(String id, AdminRequest request) {
        return AdminWords.answer(request, (method, params) -> admin.commands().run(actor, method, params))
                .thenApply(
                        outcome -> new Answer(Optional.of(reply(id, outcome.reply())), outcome.code(), outcome.why()));
    }

    private NoirReply reply(String id, AdminReply told) {
        return reply(id).setAdmin(told).build();
    }

    private NoirReply.Builder reply(String id) {
        return NoirReply.newBuilder().setId(id).setAt(admin.clock().instant().toString());
    }

    private CompletionStage<Answer> failed(String id, GrpcCode code, String why) {
        NoirReply error = reply(id).setError(why).build();
        return CompletableFuture.completedStage(new Answer(Optional.of(error), code, why));
    }

    /** The clients leave their rooms, and nothing is followed any more. */
    @Override
    public void close() {
        clients.close();
        EventFollows ending = follows;
        if (ending != null) {
            ending.close();
        }
    }
}
