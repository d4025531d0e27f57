package dev.noir.restreaming;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.access.Caller;
import dev.noir.access.Password;
import dev.noir.access.Standing;
import dev.noir.access.Visitor;
import dev.noir.room.FakeScheduler;
import dev.noir.room.RoomId;
import dev.noir.room.TrackWatch;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HlsServletTest {
    private static final Choice ANYBODY = new Choice(Optional.empty(), false);
    private static final RoomId ROOM = new RoomId("r");
    private static final Caller ALICE = new Caller("alice", Set.of(), Caller.Means.CONTAINER, "192.0.2.7");

    @TempDir
    Path directory;

    private final Map<String, String> headers = new HashMap<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private final Restreamer.Rooms rooms = new Restreamer.Rooms() {
        @Override
        public void watch(RoomId room, TrackWatch watch) {}

        @Override
        public void unwatch(RoomId room, TrackWatch watch) {}

        @Override
        public boolean mayWatch(RoomId room, Caller caller) {
            return room.equals(ROOM) && watchers.contains(caller);
        }
    };
    private final Set<Caller> watchers = new HashSet<>();
    private Restreamer restreamer;
    private int status;

    @BeforeEach
    void begin() throws IOException {
        restreamer = new Restreamer(
                new Restreamer.Terms("ffmpeg", new TargetRules(List.of(), false), 8, Optional.of(directory)),
                rooms,
                new Fakes.FakePrograms(),
                new FakeScheduler(),
                Runnable::run,
                new Random(1),
                InetAddress::getAllByName);
    }

    /** The name of a stream with one segment. */
    private String stream(Optional<String> wanted) throws IOException {
        String name = restreamer.hls(ROOM, ANYBODY, wanted, false).name();
        Path run = restreamer.hls(name).orElseThrow().begin();
        Files.writeString(run.resolve("0.m4s"), "media");
        Files.writeString(run.resolve(HlsFolder.PLAYLIST), "#EXTINF:2.0,\n0.m4s\n");
        return name;
    }

    private int get(String path, Caller caller, @Nullable String origin) throws IOException {
        status = 200;
        headers.clear();
        body.reset();
        HlsServlet servlet = new HlsServlet(
                () -> new HlsServlet.Parts(restreamer, (from, host) -> !"https://evil.example".equals(from)));
        servlet.doGet(request(path, caller, origin), response());
        return status;
    }

    private int get(String path) throws IOException {
        return get(path, Caller.ANONYMOUS, null);
    }

    private static HttpServletRequest request(String path, Caller caller, @Nullable String origin) {
        return (HttpServletRequest) Proxy.newProxyInstance(
                HlsServletTest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (self, method, given) -> switch (method.getName()) {
                    case "getPathInfo" -> path;
                    case "getAttribute" -> new Visitor(caller, Password.NONE, Standing.LASTING);
                    case "getHeader" -> given[0].equals("Origin") ? origin : null;
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private HttpServletResponse response() {
        return (HttpServletResponse) Proxy.newProxyInstance(
                HlsServletTest.class.getClassLoader(),
                new Class<?>[] {HttpServletResponse.class},
                (self, method, given) -> {
                    switch (method.getName()) {
                        case "setStatus" -> status = (int) given[0];
                        case "setHeader", "addHeader" -> headers.put((String) given[0], (String) given[1]);
                        case "setContentType" -> headers.put("Content-Type", (String) given[0]);
                        case "setContentLength" -> headers.put("Content-Length", String.valueOf(given[0]));
                        case "getOutputStream" -> {
                            return new Body();
                        }
                        default -> throw new UnsupportedOperationException(method.getName());
                    }
                    return null;
                });
    }

    private final class Body extends ServletOutputStream {
        @Override
        public boolean isReady() {
            return true;
        }

        @Override
        public void setWriteListener(WriteListener listener) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void write(int octet) {
            body.write(octet);
        }
    }

    @Test
    void thePlaylistAndWhatItNames() throws IOException {
        stream(Optional.of("show"));
        assertEquals(200, get("/show/index.m3u8", Caller.ANONYMOUS, "https://app.example"));
        assertEquals("application/vnd.apple.mpegurl", headers.get("Content-Type"));
        assertEquals("no-store", headers.get("Cache-Control"));
        assertEquals("https://app.example", headers.get("Access-Control-Allow-Origin"));
        assertEquals(200, get("/show/1/0.m4s"));
        assertEquals("video/mp4", headers.get("Content-Type"));
        assertEquals("5", headers.get("Content-Length"));
        assertEquals("media", body.toString(StandardCharsets.UTF_8));
    }

    @Test
    void nothingElseIsThere() throws IOException {
        stream(Optional.of("show"));
        for (String path : List.of(
                "",
                "/",
                "/show",
                "/show/",
                "/other/index.m3u8",
                "/show/1/1.m4s",
                "/show/2/0.m4s",
                "/show/1/index.m3u8",
                "/show/../index.m3u8",
                "/show/1/0.m4s/x",
                "/../show/1/0.m4s",
                "/show/.noir-hls")) {
            assertEquals(404, get(path), path);
        }
        restreamer.hls(ROOM, ANYBODY, Optional.of("later"), false);
        assertEquals(404, get("/later/index.m3u8"), "it has not begun");
    }

    @Test
    void foreignPagesReadNothing() throws IOException {
        stream(Optional.of("show"));
        assertEquals(403, get("/show/index.m3u8", Caller.ANONYMOUS, "https://evil.example"));
        assertEquals(null, headers.get("Access-Control-Allow-Origin"));
    }

    @Test
    void theRoomSaysWhoWatchesWhatIsNotForEverybody() throws IOException {
        stream(Optional.of("show"));
        String secret = stream(Optional.empty());
        assertEquals(22, secret.length());
        for (String file : List.of("/index.m3u8", "/1/0.m4s")) {
            assertEquals(200, get("/show" + file));
            assertEquals(401, get("/" + secret + file));
            assertEquals(403, get("/" + secret + file, ALICE, null));
            watchers.add(ALICE);
            assertEquals(200, get("/" + secret + file, ALICE, null));
            assertEquals(401, get("/" + secret + file));
            watchers.add(Caller.ANONYMOUS);
            assertEquals(200, get("/" + secret + file));
            watchers.clear();
        }
    }
}
