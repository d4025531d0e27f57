package dev.noir.webhook;

import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** Port: how messages leave. Thread: any; does not block. */
public interface WebhookSender {
    /** @param retryAfter as the header says; empty: it does not */
    record Answer(int status, String retryAfter) {}

    /** Fails when there is no answer in time. */
    CompletionStage<Answer> send(URI url, Map<String, String> headers, String body);
}
