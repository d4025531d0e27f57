package dev.noir.grpc;

import dev.noir.protocol.JsonRpcCodec;
import dev.noir.protocol.JsonRpcException;
import dev.noir.protocol.Utf16;
import dev.noir.room.LocalCandidate;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.json.spi.JsonProvider;
import java.nio.charset.StandardCharsets;

/** The JSON that ion's protobuf messages carry: descriptions and candidates as browsers write them. Thread: any. */
final class Descriptions {
    private static final JsonProvider JSON = JsonRpcCodec.JSON;

    private static final JsonRpcCodec CODEC = new JsonRpcCodec();

    /** RTCSessionDescriptionInit. */
    record Description(String type, String sdp) {}

    /** Not the JSON that belongs here. */
    static final class BadDescription extends Exception {
        private static final long serialVersionUID = 1L;

        BadDescription(String message) {
            super(message);
        }
    }

    private Descriptions() {}

    /** {@code {"type","sdp"}}, perhaps as the member {@code desc} of another object. */
    static Description description(byte[] utf8) throws BadDescription {
        JsonObject object = object(new String(utf8, StandardCharsets.UTF_8));
        if (object.get("desc") instanceof JsonObject inner) {
            object = inner;
        }
        return new Description(text(object, "type"), text(object, "sdp"));
    }

    /** Of an RTCIceCandidateInit; empty: there are no more. */
    static String candidate(String init) throws BadDescription {
        JsonValue named = init.isEmpty() ? JsonValue.EMPTY_JSON_OBJECT : value(init);
        if (named == JsonValue.NULL) {
            return "";
        }
        if (!(named instanceof JsonObject object)) {
            throw new BadDescription("a candidate must be an object");
        }
        return object.getOrDefault("candidate", JsonValue.NULL) == JsonValue.NULL ? "" : text(object, "candidate");
    }

    private static JsonObject object(String text) throws BadDescription {
        if (value(text) instanceof JsonObject object) {
            return object;
        }
        throw new BadDescription("a description must be an object");
    }

    private static JsonValue value(String text) throws BadDescription {
        JsonValue value;
        try {
            value = CODEC.read(text);
        } catch (JsonRpcException e) {
            throw new BadDescription(String.valueOf(e.getMessage()));
        }
        if (!Utf16.isWellFormed(value)) {
            throw new BadDescription("the JSON has half of a surrogate pair");
        }
        return value;
    }

    private static String text(JsonObject object, String name) throws BadDescription {
        if (object.get(name) instanceof JsonString text) {
            return text.getString();
        }
        throw new BadDescription(name + " must be a string");
    }

    static byte[] json(String type, String sdp) {
        return plain(JSON.createObjectBuilder()
                        .add("type", type)
                        .add("sdp", sdp)
                        .build()
                        .toString())
                .getBytes(StandardCharsets.US_ASCII);
    }

    static String json(LocalCandidate candidate) {
        return JSON.createObjectBuilder()
                .add("candidate", candidate.candidate())
                .add("sdpMid", candidate.mid())
                .add("sdpMLineIndex", candidate.index())
                .add("usernameFragment", candidate.ufrag())
                .build()
                .toString();
    }

    /** In ASCII: ion-sdk-js takes each byte for a character. */
    private static String plain(String json) {
        StringBuilder text = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c < 0x80) {
                text.append(c);
            } else {
                text.append(String.format("\\u%04x", (int) c));
            }
        }
        return text.toString();
    }
}
