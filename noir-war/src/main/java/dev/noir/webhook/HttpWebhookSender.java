package dev.noir.webhook;

import dev.noir.room.Scheduler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Over HTTP. Redirections are not followed: the administrator has said where messages go, and nobody else does. Thread: any. */
public final class HttpWebhookSender implements WebhookSender {
    // Given.
    private final Scheduler scheduler;
    private final Duration limit;

    // Owned.
    private final HttpClient client;

    /** @param limit for connecting, and for the answer with its body, which is not looked at */
    public HttpWebhookSender(Executor threads, Scheduler scheduler, Duration limit) {
        this.scheduler = scheduler;
        this.limit = limit;
        this.client = HttpClient.newBuilder()
                .executor(threads)
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(limit)
                .build();
    }

    @Override
    public CompletionStage<Answer> send(URI url, Map<String, String> headers, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(url).timeout(limit);
        headers.forEach(request::header);
        CompletableFuture<HttpResponse<Void>> exchange = client.sendAsync(
                request.POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.discarding());
        // The client's own limit ends with the headers; a body may have no end.
        Scheduler.Timer timer = scheduler.schedule(limit.multipliedBy(2), () -> exchange.cancel(true));
        return exchange.whenComplete((response, failure) -> timer.cancel())
                .thenApply(response -> new Answer(
                        response.statusCode(),
                        response.headers().firstValue("retry-after").orElse("")));
    }
}
