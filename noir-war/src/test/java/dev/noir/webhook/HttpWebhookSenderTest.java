package dev.noir.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.noir.room.Scheduler;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over real sockets, to receivers of all kinds. */
@Timeout(60)
final class HttpWebhookSenderTest {
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(4);
    private final List<String> received = new CopyOnWriteArrayList<>();
    private HttpServer server;

    private final Scheduler time = new Scheduler() {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public Timer schedule(Duration delay, Runnable task) {
            var future = threads.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        }
    };

    private final WebhookSender sender = new HttpWebhookSender(threads, time, Duration.ofSeconds(1));

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        threads.shutdownNow();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        received.add(exchange.getRequestMethod() + " " + path + " "
                + exchange.getRequestHeaders().getFirst("webhook-id") + " " + body);
        if (path.equals("/moved")) {
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(307, -1);
        } else if (path.equals("/endless")) {
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream out = exchange.getResponseBody()) {
                while (!threads.isShutdown()) {
                    out.write(new byte[1000]);
                    out.flush();
                }
            }
        } else {
            exchange.getResponseHeaders().add("Retry-After", "7");
            exchange.sendResponseHeaders(path.equals("/busy") ? 503 : 204, -1);
        }
        exchange.close();
    }

    private CompletableFuture<WebhookSender.Answer> send(String path) {
        URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
        return sender.send(url, Map.of("webhook-id", "msg_1"), "{\"ä\":1}").toCompletableFuture();
    }

    @Test
    void postsWhatIsToBeSaid() throws Exception {
        assertEquals(new WebhookSender.Answer(204, "7"), send("/hook").get());
        assertEquals(new WebhookSender.Answer(503, "7"), send("/busy").get());
        assertEquals(List.of("POST /hook msg_1 {\"ä\":1}", "POST /busy msg_1 {\"ä\":1}"), received);
    }

    @Test
    void followsNoRedirection() throws Exception {
        assertEquals(307, send("/moved").get().status());
        assertEquals(1, received.size());
    }

    @Test
    void anAnswerWithoutAnEndIsGivenUp() {
        assertThrows(Exception.class, () -> send("/endless").get(20, TimeUnit.SECONDS));
    }

    @Test
    void whoNeverAnswersIsGivenUp() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            URI url = URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/");

            assertThrows(
                    ExecutionException.class,
                    () -> sender.send(url, Map.of(), "{}").toCompletableFuture().get(20, TimeUnit.SECONDS));
        }
    }
}
