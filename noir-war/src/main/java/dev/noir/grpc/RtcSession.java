package dev.noir.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.noir.access.Visitor;
import dev.noir.proto.rtc.Error;
import dev.noir.proto.rtc.JoinReply;
import dev.noir.proto.rtc.JoinRequest;
import dev.noir.proto.rtc.Reply;
import dev.noir.proto.rtc.Request;
import dev.noir.proto.rtc.SessionDescription;
import dev.noir.proto.rtc.Target;
import dev.noir.proto.rtc.Trickle;
import dev.noir.protocol.ErrorCodes;
import dev.noir.room.RoomException;
import dev.noir.room.TransportRole;
import dev.noir.signal.Outbox;
import dev.noir.signal.SignalServer;
import java.util.Map;
import java.util.function.UnaryOperator;

/** {@code rtc.RTC/Signal}, which Ion.RTC of ion-sdk-js speaks. Thread: as {@link GrpcSession}. */
final class RtcSession extends GrpcSession {
    RtcSession(SignalServer server, Outbox outbox, Visitor visitor, UnaryOperator<byte[]> framing) {
        super(server, outbox, visitor, framing);
    }

    @Override
    void read(byte[] message) throws InvalidProtocolBufferException {
        Request request = Request.parseFrom(message);
        switch (request.getPayloadCase()) {
            case JOIN -> join(request.getJoin());
            case DESCRIPTION ->
                described(
                        "",
                        request.getDescription().getType(),
                        request.getDescription().getSdp());
            case TRICKLE ->
                trickled(
                        "",
                        request.getTrickle().getTargetValue(),
                        request.getTrickle().getInit());
            case SUBSCRIPTION, PAYLOAD_NOT_SET -> bad("", "this asks for nothing");
        }
    }

    private void join(JoinRequest join) {
        if (!join.getDescription().getType().equals("offer")) {
            sendRefused("", new RoomException(RoomException.Code.INVALID, "join needs an offer"));
            return;
        }
        Map<String, String> config = join.getConfigMap();
        askToJoin(
                "",
                join.getSid(),
                join.getUid(),
                join.getDescription().getSdp(),
                config,
                config.entrySet().stream()
                        .filter(entry -> entry.getValue().equals("true"))
                        .map(Map.Entry::getKey));
    }

    @Override
    void sendJoined(String id, String sdp) {
        sendMessage(Reply.newBuilder()
                .setJoin(JoinReply.newBuilder().setSuccess(true).setDescription(description("answer", sdp)))
                .build());
    }

    @Override
    void sendRefused(String id, RoomException refusal) {
        Error error = error(ErrorCodes.of(refusal.code()), String.valueOf(refusal.getMessage()));
        sendMessage(Reply.newBuilder()
                .setJoin(JoinReply.newBuilder().setSuccess(false).setError(error))
                .build());
    }

    @Override
    void sendDescription(String id, String type, String sdp) {
        sendMessage(Reply.newBuilder().setDescription(description(type, sdp)).build());
    }

    private static SessionDescription description(String type, String sdp) {
        return SessionDescription.newBuilder()
                .setTarget(type.equals("offer") ? Target.SUBSCRIBER : Target.PUBLISHER)
                .setType(type)
                .setSdp(sdp)
                .build();
    }

    @Override
    void sendTrickle(TransportRole role, String init) {
        sendMessage(Reply.newBuilder()
                .setTrickle(Trickle.newBuilder().setTargetValue(role.target()).setInit(init))
                .build());
    }

    @Override
    void sendError(String id, int code, String why) {
        sendMessage(Reply.newBuilder().setError(error(code, why)).build());
    }

    private static Error error(int code, String why) {
        return Error.newBuilder().setCode(code).setReason(why).build();
    }
}
