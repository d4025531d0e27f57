package dev.noir.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.noir.access.Visitor;
import dev.noir.grpc.Descriptions.BadDescription;
import dev.noir.proto.sfu.JoinReply;
import dev.noir.proto.sfu.JoinRequest;
import dev.noir.proto.sfu.SignalReply;
import dev.noir.proto.sfu.SignalRequest;
import dev.noir.proto.sfu.Trickle;
import dev.noir.room.RoomException;
import dev.noir.room.TransportRole;
import dev.noir.signal.Outbox;
import dev.noir.signal.SignalServer;
import java.util.Map;
import java.util.function.UnaryOperator;

/** {@code sfu.SFU/Signal}, ion-sfu's first gRPC. Thread: as {@link GrpcSession}. */
final class SfuSession extends GrpcSession {
    SfuSession(SignalServer server, Outbox outbox, Visitor visitor, UnaryOperator<byte[]> framing) {
        super(server, outbox, visitor, framing);
    }

    @Override
    void read(byte[] message) throws InvalidProtocolBufferException {
        SignalRequest request = SignalRequest.parseFrom(message);
        switch (request.getPayloadCase()) {
            case JOIN -> join(request.getId(), request.getJoin());
            case DESCRIPTION ->
                described(request.getId(), request.getDescription().toByteArray());
            case TRICKLE ->
                trickled(
                        request.getId(),
                        request.getTrickle().getTargetValue(),
                        request.getTrickle().getInit());
            case PAYLOAD_NOT_SET -> bad(request.getId(), "this asks for nothing");
        }
    }

    private void join(String id, JoinRequest join) {
        Map<String, String> config = join.getConfigMap();
        try {
            Descriptions.Description offer =
                    Descriptions.description(join.getDescription().toByteArray());
            // Whatever is there is set, in ion-sfu; who says no means no.
            askToJoin(
                    id,
                    join.getSid(),
                    join.getUid(),
                    offer.sdp(),
                    config,
                    config.entrySet().stream()
                            .filter(entry -> !entry.getValue().equalsIgnoreCase("false"))
                            .map(Map.Entry::getKey));
        } catch (BadDescription e) {
            bad(id, String.valueOf(e.getMessage()));
        }
    }

    private static SignalReply.Builder reply(String id) {
        return SignalReply.newBuilder().setId(id);
    }

    @Override
    void sendJoined(String id, String sdp) {
        JoinReply.Builder joined =
                JoinReply.newBuilder().setDescription(ByteString.copyFrom(Descriptions.json("answer", sdp)));
        sendMessage(reply(id).setJoin(joined).build());
    }

    @Override
    void sendRefused(String id, RoomException refusal) {
        sendMessage(reply(id).setError(String.valueOf(refusal.getMessage())).build());
        if (refusal.code() != RoomException.Code.ALREADY_JOINED) {
            refuse(refusal);
        }
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
}
