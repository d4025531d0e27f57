package dev.noir.redis;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * Stands before a real Redis and passes on what is said, a command at a time; says what a test wants in its place, or
 * nothing for a while.
 */
final class RedisProxy implements AutoCloseable {
    /** What to say to some commands. */
    private record Rule(Predicate<List<String>> commands, String reply) {}

    private static final Rule NONE = new Rule(command -> false, "");

    private final int port;
    private final ServerSocket socket;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger ruled = new AtomicInteger();
    private volatile Rule rule = NONE;
    private volatile Predicate<List<String>> held = command -> false;
    private volatile Semaphore released = new Semaphore(0);

    /** @param port of the real one */
    RedisProxy(int port) {
        this.port = port;
        try {
            socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        RedisNodes.daemon(this::accept).start();
    }

    String url() {
        return "redis://127.0.0.1:" + socket.getLocalPort();
    }

    static Predicate<List<String>> is(String name) {
        return command -> command.get(0).equals(name);
    }

    /** By its name or its text. */
    static Predicate<List<String>> runs(LuaScript script) {
        return command -> command.size() > 1
                && (command.get(1).equals(script.sha()) || command.get(1).equals(script.text()));
    }

    /** Until {@link #allow}: these get this error, and Redis does not hear of them. */
    void refuse(Predicate<List<String>> commands, String error) {
        answer(commands, "-" + error + "\r\n");
    }

    /** As above, with any reply. */
    void answer(Predicate<List<String>> commands, String reply) {
        ruled.set(0);
        rule = new Rule(commands, reply);
    }

    void allow() {
        rule = NONE;
    }

    /** How often {@link #refuse} has met something. */
    int refused() {
        return ruled.get();
    }

    /** Until {@link #release}: these wait, and what follows them on their connections. */
    void hold(Predicate<List<String>> commands) {
        released = new Semaphore(0);
        held = commands;
    }

    void release() {
        held = command -> false;
        released.release(Integer.MAX_VALUE / 2);
    }

    /** Ever made. */
    int connections() {
        return connections.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = socket.accept();
                connections.incrementAndGet();
                RedisNodes.daemon(() -> serve(client)).start();
            }
        } catch (IOException e) {
            closeAll(); // By close.
        }
    }

    private void serve(Socket client) {
        try (client;
                Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
            sockets.add(client);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            InputStream fromClient = new BufferedInputStream(client.getInputStream());
            InputStream fromServer = new BufferedInputStream(server.getInputStream());
            OutputStream toServer = new BufferedOutputStream(server.getOutputStream());
            OutputStream toClient = client.getOutputStream();
            while (true) {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                List<String> command = new ArrayList<>();
                copy(fromClient, bytes, command);
                if (held.test(command)) {
                    released.acquireUninterruptibly();
                }
                Rule current = rule;
                if (current.commands.test(command)) {
                    ruled.incrementAndGet();
                    toClient.write(current.reply.getBytes(StandardCharsets.UTF_8));
                } else {
                    bytes.writeTo(toServer);
                    toServer.flush();
                    ByteArrayOutputStream reply = new ByteArrayOutputStream();
                    copy(fromServer, reply, new ArrayList<>());
                    reply.writeTo(toClient);
                }
            }
        } catch (IOException e) {
            sockets.remove(client); // Somebody has closed it.
        }
    }

    /** One element of RESP2, whole. */
    private static void copy(InputStream in, ByteArrayOutputStream out, List<String> texts) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException();
            }
            line.write(b);
        }
        line.writeTo(out);
        out.write('\n');
        String head = line.toString(StandardCharsets.UTF_8).trim();
        char type = head.charAt(0);
        int length = type == '$' || type == '*' ? Integer.parseInt(head.substring(1)) : 0;
        if (type == '$' && length >= 0) {
            byte[] text = in.readNBytes(length + 2);
            out.write(text);
            texts.add(new String(text, 0, length, StandardCharsets.UTF_8));
        }
        for (int i = 0; type == '*' && i < length; i++) {
            copy(in, out, texts);
        }
    }

    private void closeAll() {
        for (Socket client : sockets) {
            try {
                client.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void close() {
        release();
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        closeAll();
    }
}
