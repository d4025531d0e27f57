package dev.noir.it;

import jakarta.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A backend that leaves its requests in Redis, as docs/management.md says: nothing of noiR's is in it. */
final class RedisAdmin implements AdminDoor {
    private static final String QUEUE = "noir/topic/router";
    private static final int SECONDS = 30;

    // Of Signed, NoirRequest, NoirReply.
    private static final int MESSAGE = 1;
    private static final int MAC = 2;
    private static final int AT = 2;
    private static final int ADMIN_ID = 6;

    private final String secret;
    private final String name = "backend-" + UUID.randomUUID();
    private final java.net.Socket socket;
    private final InputStream replies;

    RedisAdmin(int port, String secret) throws IOException {
        this.secret = secret;
        socket = new java.net.Socket(java.net.InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout((int) Duration.ofSeconds(SECONDS + 5).toMillis());
        replies = new BufferedInputStream(socket.getInputStream());
    }

    private byte[] mac(String kind, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        for (byte[] part : new byte[][] {kind.getBytes(StandardCharsets.UTF_8), message}) {
            mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, part.length));
            mac.update(part);
        }
        return HexFormat.of().formatHex(mac.doFinal()).getBytes(StandardCharsets.US_ASCII);
    }

    byte[] request(String rpc, Instant at) {
        return Protobuf.joined(
                OriginalDoors.request("b", rpc), Protobuf.field(AT, at.toString()), Protobuf.field(ADMIN_ID, name));
    }

    byte[] signed(byte[] request) throws GeneralSecurityException {
        return Protobuf.joined(Protobuf.field(MESSAGE, request), Protobuf.field(MAC, mac("noir.request", request)));
    }

    void push(byte[] element) throws IOException {
        send("LPUSH".getBytes(StandardCharsets.US_ASCII), QUEUE.getBytes(StandardCharsets.US_ASCII), element);
        if (replies.read() != ':') {
            throw new AssertionError("Redis refuses: " + line());
        }
        line();
    }

    /** The reply, once its signature has been looked at; empty: none in that time. */
    Optional<byte[]> pop(int seconds) throws Exception {
        send(
                "BRPOP".getBytes(StandardCharsets.US_ASCII),
                ("noir/topic/to-admin/" + name).getBytes(StandardCharsets.US_ASCII),
                Integer.toString(seconds).getBytes(StandardCharsets.US_ASCII));
        if (!line().equals("*2")) {
            return Optional.empty();
        }
        bulk();
        byte[] letter = bulk();
        byte[] message = Protobuf.find(letter, MESSAGE).orElseThrow();
        String claimed = new String(Protobuf.find(letter, MAC).orElseThrow(), StandardCharsets.US_ASCII);
        if (!claimed.equals(new String(mac("noir.reply", message), StandardCharsets.US_ASCII))) {
            throw new AssertionError("the reply is not signed");
        }
        return Optional.of(message);
    }

    private void send(byte[]... parts) throws IOException {
        ByteArrayOutputStream command = new ByteArrayOutputStream();
        command.writeBytes(("*" + parts.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
        for (byte[] part : parts) {
            command.writeBytes(("$" + part.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
            command.writeBytes(part);
            command.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        socket.getOutputStream().write(command.toByteArray());
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = replies.read(); octet != '\n'; octet = replies.read()) {
            if (octet < 0) {
                throw new IOException("Redis has gone");
            }
            line.append((char) octet);
        }
        return line.toString().strip();
    }

    private byte[] bulk() throws IOException {
        byte[] content = replies.readNBytes(Integer.parseInt(line().substring(1)));
        line();
        return content;
    }

    @Override
    public JsonObject ask(String message) throws Exception {
        push(signed(request(message, Instant.now())));
        return OriginalDoors.reply(pop(SECONDS).orElseThrow(() -> new AssertionError("no answer to " + message)));
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
