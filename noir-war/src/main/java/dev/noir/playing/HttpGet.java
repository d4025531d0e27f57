package dev.noir.playing;

import dev.noir.playing.UrlRules.Place;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * One GET, in the words of HTTP/1.0 (RFC 9112), whose answers have no chunks, to an address that has been looked at, which no client of the JDK can be
 * bound to. Thread: one at a time, it blocks; {@link #close} any.
 */
final class HttpGet implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10); // Without a byte.
    private static final int MAX_LINE = 8192;
    private static final int MAX_LINES = 100;
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

    // Given.
    private final SSLSocketFactory encryption;

    // Owned.
    private final Socket socket = new Socket();

    // State. After `open`.
    private int status;
    private Map<String, String> headers = Map.of();

    /** @param encryption with whom it trusts, for https */
    HttpGet(SSLSocketFactory encryption) {
        this.encryption = encryption;
    }

    /**
     * Asks, and reads the head of the answer.
     *
     * @return what follows
     * @throws MediaFileException what comes is no HTTP, in words
     */
    InputStream open(Place place) throws IOException {
        socket.connect(new InetSocketAddress(place.address(), place.port()), (int) PATIENCE.toMillis());
        socket.setSoTimeout((int) PATIENCE.toMillis());
        Socket stream = place.isEncrypted() ? encrypt(place) : socket;
        stream.getOutputStream().write(request(place.url()).getBytes(StandardCharsets.US_ASCII));
        InputStream answer = new BufferedInputStream(stream.getInputStream());
        Matcher first = STATUS.matcher(line(answer));
        if (!first.matches()) {
            throw new MediaFileException("what answers there does not speak HTTP");
        }
        status = Integer.parseInt(first.group(1));
        headers = headers(answer);
        if (headers.containsKey("transfer-encoding")) {
            throw new MediaFileException("the answer is encoded in a way that was not asked for");
        }
        return answer;
    }

    private SSLSocket encrypt(Place place) throws IOException {
        SSLSocket encrypted = (SSLSocket) encryption.createSocket(socket, place.host(), place.port(), true);
        SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS"); // RFC 9110 §4.3.4; a bare socket asks for no name.
        encrypted.setSSLParameters(parameters);
        encrypted.startHandshake();
        return encrypted;
    }

    private static String request(URI url) {
        String path = url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return "GET " + path + query + " HTTP/1.0\r\nHost: " + url.getRawAuthority()
                + "\r\nUser-Agent: noiR\r\nAccept-Encoding: identity\r\nConnection: close\r\n\r\n";
    }

    private static Map<String, String> headers(InputStream answer) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (int i = 0; i < MAX_LINES; i++) {
            String line = line(answer);
            if (line.isEmpty()) {
                return headers;
            }
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        throw new MediaFileException("the answer has too many headers");
    }

    private static String line(InputStream answer) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = answer.read(); next != '\n'; next = answer.read()) {
            if (next < 0) {
                throw new EOFException("the answer ends before its content begins");
            }
            if (line.size() == MAX_LINE) {
                throw new MediaFileException("the answer has a header that is too long");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    int status() {
        return status;
    }

    /** Where it is instead, as it stands there. */
    Optional<String> location() {
        return Optional.ofNullable(headers.get("location"));
    }

    /** Of what follows, in bytes; -1: not told. */
    long length() throws MediaFileException {
        String length = headers.get("content-length");
        if (length == null) {
            return -1;
        }
        if (!LENGTH.matcher(length).matches()) {
            throw new MediaFileException("the answer has a length that is none");
        }
        return Long.parseLong(length);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
