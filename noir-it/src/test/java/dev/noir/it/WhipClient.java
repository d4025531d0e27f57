package dev.noir.it;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

/** Requests of WHIP and WHEP, of a client without any media: its offers promise what never comes. */
final class WhipClient {
    static final String SDP = "application/sdp";
    static final String FRAGMENT = "application/trickle-ice-sdpfrag";
    static final String UFRAG = "abcd";
    private static final String FINGERPRINT =
            "E3:3D:54:50:0F:5A:1A:FE:16:86:EA:3D:81:12:8A:6E:FE:73:E5:67:59:73:99:18:9A:D2:82:55:3F:DA:64:F0";

    // As such programs do without TLS: they do not ask for HTTP/2.
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** @param headers Content-Type and whatever else */
    HttpResponse<String> send(String method, URI uri, Map<String, String> headers, String body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).method(method, BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> post(URI uri, String offer) throws IOException, InterruptedException {
        return send("POST", uri, Map.of("Content-Type", SDP), offer);
    }

    HttpResponse<String> patch(URI session, String match, String fragment) throws IOException, InterruptedException {
        return send("PATCH", session, Map.of("Content-Type", FRAGMENT, "If-Match", match), fragment);
    }

    HttpResponse<String> delete(URI session) throws IOException, InterruptedException {
        return send("DELETE", session, Map.of(), "");
    }

    /** Where the session is that an answer has made. */
    static URI session(HttpResponse<String> created) {
        return created.uri().resolve(created.headers().firstValue("Location").orElseThrow());
    }

    static String tag(HttpResponse<String> answer) {
        return answer.headers().firstValue("ETag").orElseThrow();
    }

    /** Opus and VP8. */
    static String offer(String setup, String direction) {
        return String.join(
                "\r\n",
                "v=0",
                "o=- 1 2 IN IP4 127.0.0.1",
                "s=-",
                "t=0 0",
                "a=group:BUNDLE 0 1",
                section("audio", "111", "0", setup, direction),
                "a=rtpmap:111 opus/48000/2",
                section("video", "96", "1", setup, direction),
                "a=rtpmap:96 VP8/90000",
                "");
    }

    private static String section(String kind, String payloadType, String mid, String setup, String direction) {
        return String.join(
                "\r\n",
                "m=" + kind + " 9 UDP/TLS/RTP/SAVPF " + payloadType,
                "c=IN IP4 0.0.0.0",
                "a=mid:" + mid,
                "a=ice-ufrag:" + UFRAG,
                "a=ice-pwd:" + "p".repeat(24),
                "a=fingerprint:sha-256 " + FINGERPRINT,
                "a=setup:" + setup,
                "a=" + direction,
                "a=rtcp-mux");
    }

    static String candidates(String ufrag) {
        return String.join(
                "\r\n",
                "a=ice-ufrag:" + ufrag,
                "a=ice-pwd:" + "p".repeat(24),
                "m=audio 9 RTP/AVP 0",
                "a=mid:0",
                "a=candidate:1 1 udp 2130706431 192.0.2.1 5000 typ host",
                "");
    }
}
