package dev.noir.media;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** An ICE connectivity check as a browser sends it (RFC 8445 §7.1.1), and a look at the answer. */
final class StunProbe {

    private static final int BINDING_REQUEST = 0x0001;
    private static final int BINDING_SUCCESS = 0x0101;
    private static final int MAGIC_COOKIE = 0x2112A442;
    private static final int USERNAME = 0x0006;
    private static final int MESSAGE_INTEGRITY = 0x0008;
    private static final int PRIORITY = 0x0024;
    private static final int FINGERPRINT = 0x8028;
    private static final int ICE_CONTROLLING = 0x802A;
    private static final int HEADER_BYTES = 20;
    private static final int TIMEOUT_MS = 5_000;

    private StunProbe() {}

    /** Whether the loop at {@code address} answers with success and the integrity of {@code pwd}. */
    static boolean isAnswered(InetAddress address, int port, String username, String pwd)
            throws IOException, GeneralSecurityException {
        try (DatagramSocket socket = new DatagramSocket(0, address)) {
            socket.setSoTimeout(TIMEOUT_MS);
            byte[] request = request(username, pwd);
            socket.send(new DatagramPacket(request, request.length, address, port));
            DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
            socket.receive(answer);
            return isSuccess(Arrays.copyOf(answer.getData(), answer.getLength()), pwd);
        }
    }

    /** A check in a frame (RFC 4571 §2). */
    static byte[] framedRequest(String username, String pwd) throws GeneralSecurityException {
        byte[] request = request(username, pwd);
        return ByteBuffer.allocate(Short.BYTES + request.length)
                .putShort((short) request.length)
                .put(request)
                .array();
    }

    /** Whether the next frame on a connection is the answer to it. */
    static boolean isAnswered(Socket connection, String pwd) throws IOException, GeneralSecurityException {
        connection.setSoTimeout(TIMEOUT_MS);
        DataInputStream in = new DataInputStream(connection.getInputStream());
        return isSuccess(in.readNBytes(in.readUnsignedShort()), pwd);
    }

    private static byte[] request(String username, String pwd) throws GeneralSecurityException {
        byte[] name = username.getBytes(StandardCharsets.UTF_8);
        ByteBuffer message = ByteBuffer.allocate(512)
                .putShort((short) BINDING_REQUEST)
                .putShort((short) 0)
                .putInt(MAGIC_COOKIE)
                .put(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12});
        header(message, USERNAME, name.length).put(name).put(new byte[-name.length & 3]);
        header(message, PRIORITY, Integer.BYTES).putInt(1);
        header(message, ICE_CONTROLLING, Long.BYTES).putLong(1);

        int integrityAt = message.position();
        setLength(message, integrityAt + 24);
        byte[] hmac = hmac(message.array(), integrityAt, pwd);
        header(message, MESSAGE_INTEGRITY, hmac.length).put(hmac);

        int fingerprintAt = message.position();
        setLength(message, fingerprintAt + 8);
        CRC32 crc = new CRC32();
        crc.update(message.array(), 0, fingerprintAt);
        header(message, FINGERPRINT, Integer.BYTES).putInt((int) crc.getValue() ^ 0x5354554E);
        return Arrays.copyOf(message.array(), message.position());
    }

    private static boolean isSuccess(byte[] answer, String pwd) throws GeneralSecurityException {
        ByteBuffer message = ByteBuffer.wrap(answer);
        if (message.getShort(0) != BINDING_SUCCESS || message.getInt(4) != MAGIC_COOKIE) {
            return false;
        }
        message.position(HEADER_BYTES);
        while (message.remaining() >= 4) {
            int type = Short.toUnsignedInt(message.getShort());
            int length = Short.toUnsignedInt(message.getShort());
            int at = message.position();
            if (type == MESSAGE_INTEGRITY) {
                // RFC 8489 §14.5: the length counts up to and with this attribute.
                setLength(message, at + length);
                return Arrays.equals(hmac(answer, at - 4, pwd), Arrays.copyOfRange(answer, at, at + length));
            }
            message.position(at + length + (-length & 3));
        }
        return false;
    }

    private static ByteBuffer header(ByteBuffer message, int type, int length) {
        return message.putShort((short) type).putShort((short) length);
    }

    private static void setLength(ByteBuffer message, int end) {
        message.putShort(2, (short) (end - HEADER_BYTES));
    }

    private static byte[] hmac(byte[] message, int length, String pwd) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA1");
        mac.init(new SecretKeySpec(pwd.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        mac.update(message, 0, length);
        return mac.doFinal();
    }
}
