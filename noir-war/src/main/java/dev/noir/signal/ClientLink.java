package dev.noir.signal;

import dev.noir.access.Visitor;
import dev.noir.protocol.JsonRpcCodec;
import dev.noir.protocol.JsonRpcException;
import dev.noir.protocol.JsonRpcRequest;
import dev.noir.protocol.NotificationJson;
import dev.noir.room.CloseCause;
import dev.noir.room.LocalCandidate;
import dev.noir.room.Notification;
import dev.noir.room.TransportRole;
import jakarta.json.JsonValue;
import java.util.Optional;

/**
 * One client's socket, between its JSON-RPC frames and the core.
 *
 * <p>Thread: {@code received} the container's reading thread of this socket; the rest any.
 */
final class ClientLink extends ClientSession implements SocketReader {
    static final int UNSUPPORTED_DATA = 1003; // RFC 6455 §7.4.1.

    // Owned by the reading thread.
    private final TextAssembler assembler = new TextAssembler();

    ClientLink(SignalServer server, Outbox outbox, Visitor visitor) {
        super(server, outbox, visitor);
    }

    @Override
    public void received(String part, boolean last) {
        if (!takesMore()) {
            return;
        }
        int maxChars = maxMessageLength();
        Optional<String> message = assembler.add(part, last, maxChars);
        if (assembler.overflowed()) {
            outbox().closeNow(TOO_BIG, "a message may have " + maxChars + " characters");
            return;
        }
        if (message.isPresent() && mayCost(message.get().length())) {
            handle(message.get());
        }
    }

    @Override
    public void receivedBinary(byte[] part, boolean last) {
        if (takesMore()) {
            outbox().closeNow(UNSUPPORTED_DATA, "text frames only");
        }
    }

    private void handle(String message) {
        try {
            JsonRpcRequest request = server().codec().parse(message);
            if (RequestDispatcher.negotiates(request.method()) && !mayNegotiate()) {
                return;
            }
            server().dispatcher().dispatch(request, this, new RpcReply(server().codec(), request.id(), outbox()));
        } catch (JsonRpcException e) {
            outbox().text(server().codec().error(e.id(), e.code(), String.valueOf(e.getMessage())));
        }
    }

    @Override
    public void offer(String sdp) {
        notify("offer", RpcReply.description("offer", sdp));
    }

    @Override
    public void trickle(TransportRole role, LocalCandidate candidate) {
        notify(
                "trickle",
                JsonRpcCodec.JSON
                        .createObjectBuilder()
                        .add("target", role.target())
                        .add(
                                "candidate",
                                JsonRpcCodec.JSON
                                        .createObjectBuilder()
                                        .add("candidate", candidate.candidate())
                                        .add("sdpMid", candidate.mid())
                                        .add("sdpMLineIndex", candidate.index())
                                        .add("usernameFragment", candidate.ufrag()))
                        .build());
    }

    @Override
    public void notify(Notification notification) {
        notify(NotificationJson.method(notification), NotificationJson.params(notification));
    }

    @Override
    public void close(CloseCause cause) {
        notify(
                "closed",
                JsonRpcCodec.JSON
                        .createObjectBuilder()
                        .add("code", cause.code())
                        .add("reason", cause.reason())
                        .build());
        outbox().closeAfterSending(cause.code(), cause.reason());
    }

    private void notify(String method, JsonValue params) {
        outbox().text(server().codec().notification(method, params));
    }
}
