package dev.noir.webhook;

import dev.noir.eventlog.LoggedEvent;
import java.time.Instant;

/** A webhook and how it goes with it. Thread: the dispatcher's. */
final class Target {
    // Given.
    private final Webhook webhook;
    private final String id;

    // State.
    private Instant since = Instant.EPOCH;
    private boolean gone;
    private boolean failing;
    private int underWay;

    Target(Webhook webhook) {
        this.webhook = webhook;
        this.id = webhook.id();
    }

    Webhook webhook() {
        return webhook;
    }

    String id() {
        return id;
    }

    void known(WebhookStore.Registration registration) {
        since = registration.since();
        gone = registration.gone();
    }

    boolean isGone() {
        return gone;
    }

    void goes() {
        gone = true;
    }

    boolean wants(LoggedEvent event) {
        return webhook.wants(event.type()) && !event.time().isBefore(since);
    }

    int underWay() {
        return underWay;
    }

    void begin() {
        underWay++;
    }

    /** @return whether that is news */
    boolean end(boolean failed) {
        underWay--;
        boolean news = failing != failed;
        failing = failed;
        return news;
    }

    @Override
    public String toString() {
        return webhook.toString();
    }
}
