package dev.noir.whip;

import dev.noir.protocol.JsonRpcCodec;

/** RFC 9457: what is wrong with a request, for programs and people. Pure. */
final class ProblemJson {
    private ProblemJson() {}

    static String of(int status, String detail) {
        return JsonRpcCodec.JSON
                .createObjectBuilder()
                .add("status", status)
                .add("detail", detail)
                .build()
                .toString();
    }
}
