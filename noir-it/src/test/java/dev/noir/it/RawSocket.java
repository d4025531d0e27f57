package dev.noir.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.Deflater;

/** A WebSocket (RFC 6455) of somebody who does what clients do not: compresses without measure, or never reads. Thread: the test's. */
final class RawSocket implements AutoCloseable {
    /** To be sent with the handshake by who wants to send compressed messages, and to get them. */
    static final Map<String, String> COMPRESSION = Map.of("Sec-WebSocket-Extensions", "permessage-deflate");

    private static final int TIMEOUT_MILLIS = 20_000;
    private static final int CLOSE = 8;
    private static final int TEXT_AND_LAST = 0x81;
    private static final int COMPRESSED = 0x40; // RSV1, RFC 7692 §6.
    private static final int MASKED = 0x80;
    // What a closed connection counts as when it has said nothing, RFC 6455 §7.1.5.
    static final int SILENT = 1006;

    private final Socket socket = new Socket();
    private final DataOutputStream out;
    private final DataInputStream in;
    private final boolean compressing;

    /**
     * @param headers of the handshake
     * @param receiveBuffer octets that the kernel is to keep for us while we do not read
     */
    RawSocket(URI uri, Map<String, String> headers, int receiveBuffer) throws IOException {
        socket.setReceiveBufferSize(receiveBuffer);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), TIMEOUT_MILLIS);
        out = new DataOutputStream(socket.getOutputStream());
        in = new DataInputStream(socket.getInputStream());
        StringBuilder request =
                new StringBuilder("GET " + uri.getPath() + " HTTP/1.1\r\nHost: localhost:" + uri.getPort()
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
        headers.forEach(
                (name, value) -> request.append(name).append(": ").append(value).append("\r\n"));
        out.write(request.append("\r\n").toString().getBytes(ISO_8859_1));
        String answer = head();
        if (!answer.startsWith("HTTP/1.1 101")) {
            throw new IOException(answer);
        }
        compressing = answer.contains("permessage-deflate");
    }

    /** Whether the server takes compressed messages. */
    boolean isCompressing() {
        return compressing;
    }

    void sendText(String text) throws IOException {
        send(TEXT_AND_LAST, text.getBytes(UTF_8));
    }

    /** One letter, that many times, in about a thousandth of the octets: RFC 7692 §7.2.1. */
    void sendBomb(int letters) throws IOException {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        byte[] piece = new byte[1 << 16];
        Arrays.fill(piece, (byte) 'x');
        byte[] compressed = new byte[1 << 16];
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        for (int sent = 0; sent < letters; sent += piece.length) {
            deflater.setInput(piece);
            boolean last = sent + piece.length >= letters;
            int n = deflater.deflate(compressed, 0, compressed.length, last ? Deflater.SYNC_FLUSH : Deflater.NO_FLUSH);
            bomb.write(compressed, 0, n);
        }
        deflater.end();
        byte[] whole = bomb.toByteArray();
        send(TEXT_AND_LAST | COMPRESSED, Arrays.copyOf(whole, whole.length - 4)); // Without 00 00 ff ff.
    }

    /** Reads on until the server closes; with which code. */
    int closeCode() throws IOException {
        try {
            while (true) {
                int opcode = in.readUnsignedByte() & 0x0F;
                byte[] payload = in.readNBytes(length());
                if (opcode == CLOSE) {
                    return payload.length < 2 ? 1005 : (payload[0] & 0xFF) << 8 | (payload[1] & 0xFF);
                }
            }
        } catch (EOFException e) {
            return SILENT;
        } catch (SocketException e) {
            return SILENT; // Reset: it does not wait for what we still send.
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.readUnsignedByte());
        }
        return head.toString();
    }

    private int length() throws IOException {
        int length = in.readUnsignedByte() & 0x7F;
        if (length == 126) {
            return in.readUnsignedShort();
        }
        return length == 127 ? Math.toIntExact(in.readLong()) : length;
    }

    /** Masked with zeros: still masked. */
    private void send(int first, byte[] payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream frame = new DataOutputStream(bytes);
        frame.writeByte(first);
        if (payload.length < 126) {
            frame.writeByte(MASKED | payload.length);
        } else if (payload.length < 1 << 16) {
            frame.writeByte(MASKED | 126);
            frame.writeShort(payload.length);
        } else {
            frame.writeByte(MASKED | 127);
            frame.writeLong(payload.length);
        }
        frame.writeInt(0);
        frame.write(payload);
        try {
            out.write(bytes.toByteArray());
        } catch (SocketException e) {
            return; // It has been closed: closeCode() tells how.
        }
    }
}
