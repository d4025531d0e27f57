package dev.noir.grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.noir.access.Visitor;
import dev.noir.proto.rtc.Error;
import dev.noir.proto.rtc.JoinReply;
import dev.noir.proto.rtc.JoinRequest;
import dev.noir.proto.rtc.MediaType;
import dev.noir.proto.rtc.Reply;
import dev.noir.proto.rtc.Request;
import dev.noir.proto.rtc.SessionDescription;
import dev.noir.proto.rtc.SubscriptionReply;
import dev.noir.proto.rtc.SubscriptionRequest;
import dev.noir.proto.rtc.Target;
import dev.noir.proto.rtc.TrackEvent;
import dev.noir.proto.rtc.TrackInfo;
import dev.noir.proto.rtc.Trickle;
import dev.noir.protocol.ErrorCodes;
import dev.noir.room.Medium;
import dev.noir.room.ModerationCommand.Subscribe;
import dev.noir.room.ModerationCommand.Subscribe.Choice;
import dev.noir.room.ModerationResult;
import dev.noir.room.Notification;
import dev.noir.room.RoomException;
import dev.noir.room.TransportRole;
import dev.noir.signal.Outbox;
import dev.noir.signal.SignalServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** {@code rtc.RTC/Signal}, which Ion.RTC of ion-sdk-js speaks. Thread: as {@link GrpcSession}. */
final class RtcSession extends GrpcSession {
    private static final int MAX_CHOICES = 256;

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
            case SUBSCRIPTION -> subscribe(request.getSubscription());
            case PAYLOAD_NOT_SET -> bad("", "this asks for nothing");
        }
    }

    private void subscribe(SubscriptionRequest asked) {
        List<Choice> choices = new ArrayList<>();
        asked.getSubscriptionsList()
                .forEach(one ->
                        choices.add(new Choice(one.getTrackId(), one.getSubscribe(), one.getMute(), one.getLayer())));
        if (choices.size() > MAX_CHOICES) {
            bad("", "one request may be about " + MAX_CHOICES + " tracks");
            return;
        }
        subscribe(new Subscribe(choices), new Answer("") {
            @Override
            public void result(ModerationResult result) {
                sendMessage(Reply.newBuilder()
                        .setSubscription(SubscriptionReply.newBuilder().setSuccess(true))
                        .build());
            }

            @Override
            public void error(RoomException refusal) {
                Error error = RtcSession.error(ErrorCodes.of(refusal.code()), String.valueOf(refusal.getMessage()));
                sendMessage(Reply.newBuilder()
                        .setSubscription(
                                SubscriptionReply.newBuilder().setSuccess(false).setError(error))
                        .build());
            }
        });
    }

    @Override
    public void notify(Notification notification) {
        if (notification instanceof Notification.TracksChanged changed) {
            TrackEvent.Builder event = TrackEvent.newBuilder()
                    .setState(changed.added() ? TrackEvent.State.ADD : TrackEvent.State.REMOVE)
                    .setUid(changed.uid().value());
            changed.tracks().forEach(track -> tracks(event, track));
            sendMessage(Reply.newBuilder().setTrackEvent(event).build());
        } else {
            super.notify(notification);
        }
    }

    /** In ion each encoding is one, under the id of its track. */
    private static void tracks(TrackEvent.Builder event, Notification.TracksChanged.TrackInfo track) {
        for (String rid : track.rids().isEmpty() ? List.of("") : track.rids()) {
            event.addTracks(TrackInfo.newBuilder()
                    .setId(track.id())
                    .setStreamId(track.stream())
                    .setKind(track.medium() == Medium.AUDIO ? "audio" : "video")
                    .setType(track.screen() ? MediaType.ScreenCapture : MediaType.UserMedia)
                    .setLayer(rid));
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
                Stream.concat(
                        Stream.of("TrackEvents"),
                        config.entrySet().stream()
                                .filter(entry -> entry.getValue().equals("true"))
                                .map(Map.Entry::getKey)));
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
