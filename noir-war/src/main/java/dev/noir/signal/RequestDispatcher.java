package dev.noir.signal;

import dev.noir.access.Caller;
import dev.noir.access.NameRule;
import dev.noir.access.Password;
import dev.noir.access.Quotas;
import dev.noir.protocol.BadJson;
import dev.noir.protocol.CommandJson;
import dev.noir.protocol.ErrorCodes;
import dev.noir.protocol.JsonRpcRequest;
import dev.noir.room.JoinConfig;
import dev.noir.room.JoinRequest;
import dev.noir.room.PeerName;
import dev.noir.room.PeerRequests;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.TransportRole;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The protocol's methods: params in, a call of the core out. docs/protocol.md. Thread: any. */
final class RequestDispatcher {
    private static final Logger LOG = System.getLogger(RequestDispatcher.class.getName());

    private interface Handler {
        void handle(JsonObject params, ClientLink link, RpcReply reply) throws Params.InvalidParams;
    }

    // Given.
    private final PeerRequests rooms;
    private final Quotas quotas;
    private final RandomGenerator random;
    private final NameRule names;

    private final Map<String, Handler> handlers = new HashMap<>();

    RequestDispatcher(PeerRequests rooms, Quotas quotas, RandomGenerator random, NameRule names) {
        this.rooms = rooms;
        this.quotas = quotas;
        this.random = random;
        this.names = names;
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
        return method.equals("join") || method.equals("offer");
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
        if (!quotas.mayJoin(link.caller())) {
            throw new RoomException(RoomException.Code.TOO_MANY, "too many joins, try again later");
        }
        RoomId room = new RoomId(Params.string(params, "sid"));
        PeerName peer = name(Params.optionalString(params, "uid"), link.caller());
        String offer = Params.description(params, "offer", "offer");
        Password password = password(params, link);
        JoinRequest request = new JoinRequest(room, peer, offer, config(params), link.caller(), password, Set.of());
        rooms.join(link, request.withResume(new Password(Params.configText(params, "resume"))), reply);
        if (link.isClosed()) { // By another thread meanwhile, whose leave was too early.
            rooms.leave(link);
        }
    }

    private PeerName name(@Nullable String given, Caller caller) {
        String generated = PeerName.of(null, random).value();
        return names.name(caller, given == null ? "" : given, generated)
                .map(PeerName::new)
                .orElseThrow(() -> new RoomException(RoomException.Code.FORBIDDEN, "your uid must be your own name"));
    }

    /** One in the join's own config says more about the room than one in the socket's address. */
    private static Password password(JsonObject params, ClientLink link) throws Params.InvalidParams {
        Password own = new Password(Params.configText(params, "password"));
        return own.isGiven() ? own : link.password();
    }

    /** Both spellings: ion's Go names in any case, and the snake case of its gRPC clients. */
    private static JoinConfig config(JsonObject params) throws Params.InvalidParams {
        JsonValue config = params.getOrDefault("config", JsonValue.NULL);
        if (config == JsonValue.NULL) {
            return JoinConfig.NONE;
        }
        Set<String> set = new HashSet<>();
        Params.object(params, "config").forEach((key, value) -> {
            if (Params.isTrue(value)) {
                set.add(key.replace("_", "").toLowerCase(Locale.ROOT));
            }
        });
        return new JoinConfig(set.contains("nopublish"), set.contains("nosubscribe"), set.contains("noautosubscribe"));
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
