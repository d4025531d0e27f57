package dev.noir.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.noir.access.Visitor;
import dev.noir.proto.noir.JoinReply;
import dev.noir.proto.noir.SignalReply;
import dev.noir.proto.noir.SignalRequest;
import dev.noir.proto.noir.Trickle;
import dev.noir.room.CloseCause;
import dev.noir.room.RoomException;
import dev.noir.room.TransportRole;
import dev.noir.signal.Outbox;
import dev.noir.signal.SignalServer;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** {@code Signal} of {@code noir.Noir} and {@code noir.SFU}, the original's. Thread: as {@link GrpcSession}. */
final class NoirSession extends GrpcSession {
    // Written by whoever calls received, one at a time; read by who sends.
    private volatile String peer = "";

    NoirSession(SignalServer server, Outbox outbox, Visitor visitor, UnaryOperator<byte[]> framing) {
        super(server, outbox, visitor, framing);
    }

    @Override
    void read(byte[] message) throws InvalidProtocolBufferException {
        SignalRequest request = SignalRequest.parseFrom(message);
        String id = request.getRequestId();
        switch (request.getPayloadCase()) {
            case JOIN -> {
                if (!requests().isJoined(this)) {
                    peer = request.getId();
                }
                String offer = request.getJoin().getDescription().toStringUtf8();
                askToJoin(id, request.getJoin().getSid(), request.getId(), offer, Map.of(), Stream.of());
            }
            case DESCRIPTION -> described(id, request.getDescription().toByteArray());
            case TRICKLE ->
                trickled(
                        id,
                        request.getTrickle().getTargetValue(),
                        request.getTrickle().getInit());
            case KILL -> {
                if (request.getKill()) {
                    finished();
                }
            }
            case PAYLOAD_NOT_SET -> bad(id, "this asks for nothing");
        }
    }

    private SignalReply.Builder reply(String id) {
        return SignalReply.newBuilder().setId(peer).setRequestId(id);
    }

    @Override
    void sendJoined(String id, String sdp) {
        JoinReply.Builder joined =
                JoinReply.newBuilder().setDescription(ByteString.copyFrom(Descriptions.json("answer", sdp)));
        sendMessage(reply(id).setJoin(joined).build());
    }

    @Override
    void sendRefused(String id, RoomException refusal) {
        sendError(id, 0, String.valueOf(refusal.getMessage()));
    }

    @Override
    void sendDescription(String id, String type, String sdp) {
        sendMessage(reply(id)
                .setDescription(ByteString.copyFrom(Descriptions.json(type, sdp)))
                .build());
    }

    @Override
    void sendTrickle(TransportRole role, String init) {
        sendMessage(reply("")
                .setTrickle(Trickle.newBuilder().setTargetValue(role.target()).setInit(init))
                .build());
    }

    @Override
    void sendError(String id, int code, String why) {
        sendMessage(reply(id).setError(why).build());
    }

    @Override
    void sendEnd(CloseCause cause) {
        sendMessage(reply("").setKill(true).build());
    }
}
