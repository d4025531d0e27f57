package dev.noir.whip;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An answer of HTTP, for this node's client or that of another node.
 *
 * @param headers in their order
 * @param links each a header {@code Link} of its own; of the node alone that was asked, which is the one that tells
 * @param body empty: none
 */
record Answer(int status, Map<String, String> headers, List<String> links, String body) {
    static final int OK = 200;
    static final int CREATED = 201;
    static final int NO_CONTENT = 204;
    static final int BAD_REQUEST = 400;
    static final int UNAUTHORIZED = 401;
    static final int FORBIDDEN = 403;
    static final int NOT_FOUND = 404;
    static final int METHOD_NOT_ALLOWED = 405;
    static final int CONFLICT = 409;
    static final int PRECONDITION_FAILED = 412;
    static final int TOO_LARGE = 413;
    static final int UNSUPPORTED_TYPE = 415;
    static final int PRECONDITION_REQUIRED = 428; // RFC 6585 §3.
    static final int TOO_MANY_REQUESTS = 429; // RFC 6585 §4.
    static final int INTERNAL_ERROR = 500;
    static final int UNAVAILABLE = 503;

    static final String SDP = "application/sdp";
    static final String FRAGMENT = "application/trickle-ice-sdpfrag";

    Answer {
        headers = Map.copyOf(headers);
        links = List.copyOf(links);
    }

    Answer(int status, Map<String, String> headers, String body) {
        this(status, headers, List.of(), body);
    }

    /** Without a body. */
    static Answer of(int status) {
        return new Answer(status, Map.of(), "");
    }

    /** With a body of this type. */
    static Answer of(int status, String type, String body) {
        return new Answer(status, Map.of("Content-Type", type), body);
    }

    /**
     * What is wrong, as RFC 9457 has it.
     *
     * @param detail a sentence for people
     */
    static Answer problem(int status, String detail) {
        return of(status, "application/problem+json", ProblemJson.of(status, detail));
    }

    /** The same with another header. */
    Answer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Answer(status, more, links, body);
    }

    /** The same, with these instead of other links. */
    Answer linking(List<String> others) {
        return new Answer(status, headers, others, body);
    }

    /** The same, to be asked again in so many seconds. */
    Answer retryAfter(int seconds) {
        return with("Retry-After", Integer.toString(seconds));
    }
}
