package dev.noir.route;

import dev.noir.access.Caller;
import dev.noir.access.Pass;
import dev.noir.access.Password;
import dev.noir.access.TraceParent;
import dev.noir.bus.Envelope;
import dev.noir.protocol.BadJson;
import dev.noir.protocol.CommandJson;
import dev.noir.protocol.NotificationJson;
import dev.noir.protocol.ResultJson;
import dev.noir.room.CloseCause;
import dev.noir.room.Connections;
import dev.noir.room.JoinConfig;
import dev.noir.room.JoinRequest;
import dev.noir.room.LearnedEncoding;
import dev.noir.room.LocalCandidate;
import dev.noir.room.ModerationCommand;
import dev.noir.room.ModerationResult;
import dev.noir.room.Notification;
import dev.noir.room.PeerName;
import dev.noir.room.ResumeRequest;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.TransportRole;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonReader;
import jakarta.json.JsonString;
import jakarta.json.JsonStructure;
import jakarta.json.spi.JsonProvider;
import java.io.StringReader;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What envelopes of routed peers carry. OFFER, ANSWER, SERVER_OFFER and REPLY carry the SDP as it is, or what is in its place, MOVED a node id; the
 * others JSON. Reading throws {@link BadPayload}: a node of another version, or none of ours. Thread: any.
 */
final class RoutePayloads {
    /** Not what the kind asks for. */
    static final class BadPayload extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BadPayload(Throwable cause) {
            super("an envelope's payload cannot be read: " + cause.getMessage(), cause);
        }
    }

    private static final JsonProvider JSON = JsonProvider.provider();

    private RoutePayloads() {}

    static String join(JoinRequest request) {
        return peer(request.peer(), request.config(), request.caller(), request.passes())
                .add("offer", request.offer())
                .add("resume", request.resume().text())
                .add("trace", request.trace().text())
                .build()
                .toString();
    }

    static JoinRequest join(Envelope envelope) {
        return read(envelope.payload(), json -> new JoinRequest(
                        new RoomId(envelope.room()),
                        new PeerName(json.getString("uid")),
                        json.getString("offer"),
                        config(json),
                        caller(json),
                        Password.NONE,
                        passes(json),
                        new Password(json.getString("resume")))
                .withTrace(TraceParent.of(json.getString("trace", "")))); // Older nodes do not say.
    }

    static String resume(ResumeRequest request) {
        return peer(request.peer(), request.config(), request.caller(), request.passes())
                .add("offer", request.offer())
                .add("answer", request.answer())
                .add("encodings", encodings(request))
                .build()
                .toString();
    }

    static ResumeRequest resume(Envelope envelope) {
        return read(
                envelope.payload(),
                json -> new ResumeRequest(
                        new RoomId(envelope.room()),
                        new PeerName(json.getString("uid")),
                        config(json),
                        json.getString("offer"),
                        json.getString("answer"),
                        caller(json),
                        passes(json),
                        encodings(json)));
    }

    private static JsonArrayBuilder encodings(ResumeRequest request) {
        JsonArrayBuilder array = JSON.createArrayBuilder();
        request.encodings().forEach(encoding -> array.add(NotificationJson.encoding(encoding)));
        return array;
    }

    private static List<LearnedEncoding> encodings(JsonObject json) {
        if (!json.containsKey("encodings")) {
            return List.of(); // Older nodes do not say.
        }
        return json.getJsonArray("encodings").getValuesAs(JsonObject.class).stream()
                .map(NotificationJson::encoding)
                .toList();
    }

    private static JsonObjectBuilder peer(PeerName name, JoinConfig config, Caller caller, Set<Pass> passes) {
        return caller(JSON.createObjectBuilder(), caller)
                .add("uid", name.value())
                .add("noPublish", config.noPublish())
                .add("noSubscribe", config.noSubscribe())
                .add("noAutoSubscribe", config.noAutoSubscribe())
                .add("trackEvents", config.trackEvents())
                .add("connections", config.connections().name())
                .add("watched", config.watched())
                .add(
                        "passes",
                        JSON.createArrayBuilder(passes.stream().map(Pass::name).toList()));
    }

    private static JsonObjectBuilder caller(JsonObjectBuilder object, Caller caller) {
        return object.add("principal", caller.principal())
                .add("roles", JSON.createArrayBuilder(caller.roles()))
                .add("means", caller.means().name())
                .add("address", caller.address());
    }

    private static Caller caller(JsonObject json) {
        return new Caller(
                json.getString("principal"),
                words(json, "roles"),
                Caller.Means.valueOf(json.getString("means")),
                json.getString("address"));
    }

    private static Set<Pass> passes(JsonObject json) {
        return words(json, "passes").stream().map(Pass::valueOf).collect(Collectors.toUnmodifiableSet());
    }

    private static Set<String> words(JsonObject json, String name) {
        return json.getJsonArray(name).getValuesAs(JsonString.class).stream()
                .map(JsonString::getString)
                .collect(Collectors.toUnmodifiableSet());
    }

    private static JoinConfig config(JsonObject json) {
        return new JoinConfig(
                json.getBoolean("noPublish"),
                json.getBoolean("noSubscribe"),
                json.getBoolean("noAutoSubscribe"),
                json.getBoolean("trackEvents", false),
                Connections.valueOf(json.getString("connections", Connections.TWO.name())), // Older nodes do not say.
                json.getString("watched", ""));
    }

    /** What a peer asks for. */
    static String command(ModerationCommand command) {
        return command(JSON.createObjectBuilder(), command);
    }

    /** What another part of the server asks for, and for whom. */
    static String command(Caller actor, ModerationCommand command) {
        return command(caller(JSON.createObjectBuilder(), actor), command);
    }

    private static String command(JsonObjectBuilder object, ModerationCommand command) {
        return object.add("method", CommandJson.method(command))
                .add("params", CommandJson.params(command))
                .build()
                .toString();
    }

    static ModerationCommand command(String payload) {
        return read(payload, json -> CommandJson.read(json.getString("method"), json.getJsonObject("params")));
    }

    static Caller actor(String payload) {
        return read(payload, RoutePayloads::caller);
    }

    static String result(ModerationResult result) {
        return ResultJson.of(result).toString();
    }

    /** @param asked the payload that this answers */
    static ModerationResult result(String asked, String payload) {
        ModerationCommand command = command(asked);
        return read(payload, json -> ResultJson.read(command, json));
    }

    static String notification(Notification notification) {
        return JSON.createObjectBuilder()
                .add("method", NotificationJson.method(notification))
                .add("params", NotificationJson.params(notification))
                .build()
                .toString();
    }

    static Notification notification(String payload) {
        return read(payload, json -> NotificationJson.read(json.getString("method"), json.getJsonObject("params")));
    }

    static String error(RoomException error) {
        return JSON.createObjectBuilder()
                .add("code", error.code().name())
                .add("message", String.valueOf(error.getMessage()))
                .build()
                .toString();
    }

    static RoomException error(String payload) {
        return read(
                payload,
                json -> new RoomException(
                        RoomException.Code.valueOf(json.getString("code")), json.getString("message")));
    }

    static String close(CloseCause cause) {
        return JSON.createObjectBuilder()
                .add("code", cause.code())
                .add("reason", cause.reason())
                .build()
                .toString();
    }

    static CloseCause close(String payload) {
        return read(payload, json -> new CloseCause(json.getInt("code"), json.getString("reason")));
    }

    static String trickle(TransportRole role, LocalCandidate candidate) {
        return JSON.createObjectBuilder()
                .add("role", role.name())
                .add("candidate", candidate.candidate())
                .add("mid", candidate.mid())
                .add("index", candidate.index())
                .add("ufrag", candidate.ufrag())
                .build()
                .toString();
    }

    static TransportRole trickleRole(String payload) {
        return read(payload, json -> TransportRole.valueOf(json.getString("role")));
    }

    static LocalCandidate trickleCandidate(String payload) {
        return read(
                payload,
                json -> new LocalCandidate(
                        json.getString("candidate"),
                        json.getString("mid"),
                        json.getInt("index"),
                        json.getString("ufrag")));
    }

    /** Ids of peers. */
    static String attached(Collection<String> peers) {
        return JSON.createArrayBuilder(peers).build().toString();
    }

    static Set<String> attached(String payload) {
        try {
            Set<String> peers = new HashSet<>();
            for (JsonString peer : ((JsonArray) parse(payload)).getValuesAs(JsonString.class)) {
                peers.add(peer.getString());
            }
            return peers;
        } catch (ClassCastException | JsonException | IllegalStateException e) {
            throw new BadPayload(e);
        }
    }

    private interface Reading<T> {
        T of(JsonObject json);
    }

    private static <T> T read(String payload, Reading<T> reading) {
        try {
            return reading.of((JsonObject) parse(payload));
        } catch (JsonException
                | ClassCastException // A member, or the whole, is of another type.
                | NullPointerException // JSON-P: a member is missing.
                | IllegalStateException // JSON-P: an empty document.
                | ArithmeticException // A number with a fraction.
                | IllegalArgumentException // A word that is none of ours.
                | BadJson
                | RoomException e) {
            throw new BadPayload(e);
        }
    }

    private static JsonStructure parse(String payload) {
        try (JsonReader reader = JSON.createReader(new StringReader(payload))) {
            return reader.read();
        }
    }
}
