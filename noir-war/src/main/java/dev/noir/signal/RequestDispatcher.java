package dev.noir.signal;

import dev.noir.access.Password;
import dev.noir.protocol.BadJson;
import dev.noir.protocol.CommandJson;
import dev.noir.protocol.ErrorCodes;
import dev.noir.protocol.JsonRpcRequest;
import dev.noir.room.JoinConfig;
import dev.noir.room.PeerRequests;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.TransportRole;
import jakarta.json.JsonObject;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.Map;

/** The protocol's methods: params in, a call of the core out. docs/protocol.md. Thread: any. */
final class RequestDispatcher {
    private static final Logger LOG = System.getLogger(RequestDispatcher.class.getName());

    private interface Handler {
        void handle(JsonObject params, ClientLink link, RpcReply reply) throws Params.InvalidParams;
    }

    // Given.
    private final PeerRequests rooms;
    private final Joins joins;

    private final Map<String, Handler> handlers = new HashMap<>();

    RequestDispatcher(PeerRequests rooms, Joins joins) {
        this.rooms = rooms;
        this.joins = joins;
        handlers.put("join", this::join);
        handlers.put("offer", this::offer);
        handlers.put("answer", this::answer);
        handlers.put("trickle", this::trickle);
        for (String method : CommandJson.METHODS) {
            handlers.put(
                    method, (params, link, reply) -> rooms.moderate(link, CommandJson.read(method, params), reply));
        }
    }

    /** Whether a request has a description of the client's answered, which is the most work that a message makes. */
    static boolean negotiates(String method) {
        return method.equals("join") || method.equals("offer") || method.equals("subscribe");
    }

    void dispatch(JsonRpcRequest request, ClientLink link, RpcReply reply) {
        Handler handler = handlers.get(request.method());
        if (handler == null) {
            if (reply.isCall()) {
                reply.error(ErrorCodes.METHOD_NOT_FOUND, "there is no such method");
            }
            return;
        }
        try {
            handler.handle(request.params(), link, reply);
        } catch (Params.InvalidParams e) {
            reply.error(ErrorCodes.INVALID_PARAMS, String.valueOf(e.getMessage()));
        } catch (BadJson e) {
            reply.error(ErrorCodes.INVALID_PARAMS, String.valueOf(e.getMessage()));
        } catch (RoomException e) {
            reply.error(e);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, request.method() + " failed", e);
            reply.error(new RoomException(RoomException.Code.INTERNAL, "internal error"));
        }
    }

    private void join(JsonObject params, ClientLink link, RpcReply reply) throws Params.InvalidParams {
        if (!reply.isCall()) {
            reply.error(ErrorCodes.INVALID_REQUEST, "join needs an id");
            return;
        }
        joins.count(link.caller());
        RoomId room = new RoomId(Params.string(params, "sid"));
        String uid = Params.optionalString(params, "uid");
        JoinWish wish = new JoinWish(
                room,
                uid == null ? "" : uid,
                Params.description(params, "offer", "offer"),
                config(params),
                new Password(Params.configText(params, "password")),
                new Password(Params.configText(params, "resume")));
        link.joinCounted(wish, reply);
    }

    private static JoinConfig config(JsonObject params) throws Params.InvalidParams {
        JsonObject config = Params.optionalObject(params, "config");
        return JoinWish.config(config.entrySet().stream()
                .filter(member -> Params.isTrue(member.getValue()))
                .map(Map.Entry::getKey));
    }

    private void offer(JsonObject params, ClientLink link, RpcReply reply) throws Params.InvalidParams {
        rooms.offer(link, Params.description(params, "desc", "offer"), reply);
    }

    private void answer(JsonObject params, ClientLink link, RpcReply reply) throws Params.InvalidParams {
        rooms.answer(link, Params.description(params, "desc", "answer"), reply);
    }

    private void trickle(JsonObject params, ClientLink link, RpcReply reply) throws Params.InvalidParams {
        // What is missing or null is what ion-sfu makes of it: the publisher, and the end of candidates.
        int target = Params.optionalNumber(params, "target", TransportRole.PUBLISHER.target());
        JsonObject named = Params.optionalObject(params, "candidate");
        String candidate = Params.optionalString(named, "candidate");
        for (TransportRole role : TransportRole.values()) {
            if (role.target() == target) {
                rooms.trickle(link, role, candidate == null ? "" : candidate, reply);
                return;
            }
        }
        // ion-sfu ignores other targets silently.
        reply.done();
    }
}
