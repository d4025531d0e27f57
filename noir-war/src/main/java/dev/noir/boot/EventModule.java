package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.config.NoirConfig;
import dev.noir.config.WebhookSettings;
import dev.noir.event.RoomEvent;
import dev.noir.event.TrackPublished;
import dev.noir.eventlog.AbandonedRooms;
import dev.noir.eventlog.EventWriter;
import dev.noir.eventlog.FollowedLog;
import dev.noir.eventlog.LogLimits;
import dev.noir.flight.FlightLog;
import dev.noir.history.History;
import dev.noir.redis.Cluster;
import dev.noir.room.RoomEvents;
import dev.noir.room.RoomId;
import dev.noir.room.RoomService;
import dev.noir.room.Scheduler;
import dev.noir.webhook.HttpWebhookSender;
import dev.noir.webhook.Signature;
import dev.noir.webhook.Webhook;
import dev.noir.webhook.WebhookDispatcher;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.Typed;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** What rooms tell: events of CDI, for observers in other people's jars, and the log. Thread: the server's deployer. */
@Dependent
final class EventModule {
    @Produces
    @Singleton
    LogLimits limits(NoirConfig config) {
        return new LogLimits(config.events().length(), config.events().keep());
    }

    @Produces
    @Singleton
    Cluster.EventStores stores(Cluster cluster, LogLimits limits) {
        return cluster.events(limits);
    }

    /** Also as the {@link dev.noir.eventlog.EventLog} that doors read. */
    @Produces
    @Singleton
    FollowedLog log(Cluster.EventStores stores, ContainerThreads threads, Scheduler scheduler, Parts parts) {
        return parts.add("event log", new FollowedLog(stores.log(), threads.tasks(), scheduler));
    }

    /** Not as {@link RoomEvents}, of which it is one half. */
    @Produces
    @Singleton
    @Typed(EventWriter.class)
    EventWriter writer(
            NoirConfig config,
            Cluster.EventStores stores,
            LogLimits limits,
            Cluster cluster,
            FollowedLog log,
            ContainerThreads threads,
            Scheduler scheduler,
            Metrics metrics,
            Parts parts) {
        Consumer<RoomId> delivery = delivery(config, stores, limits, threads, scheduler, metrics, parts);
        EventWriter writer = new EventWriter(
                stores.log(),
                cluster.rooms()::kept,
                room -> {
                    log.written(room);
                    delivery.accept(room);
                },
                scheduler,
                Clock.systemUTC(),
                EventWriter.Times.of(limits));
        parts.add("event writer", writer);
        start(threads, writer, "noir-events");
        metrics.add(new EventMetrics(writer));
        return writer;
    }

    /** What is to be told of rooms to whose logs something was added. */
    private static Consumer<RoomId> delivery(
            NoirConfig config,
            Cluster.EventStores stores,
            LogLimits limits,
            ContainerThreads threads,
            Scheduler scheduler,
            Metrics metrics,
            Parts parts) {
        WebhookSettings settings = config.events().webhooks();
        if (settings.urls().isEmpty()) {
            return room -> {};
        }
        Signature signature = new Signature(settings.secrets());
        List<Webhook> webhooks = settings.urls().stream()
                .map(url -> new Webhook(url, signature, Set.copyOf(settings.types())))
                .toList();
        WebhookDispatcher dispatcher = new WebhookDispatcher(
                webhooks,
                stores.log(),
                stores.webhooks(),
                new HttpWebhookSender(threads.patient(), scheduler, settings.timeout()),
                scheduler,
                Clock.systemUTC(),
                new SecureRandom(),
                limits.keep());
        parts.add("webhooks", dispatcher);
        start(threads, dispatcher, "noir-webhooks");
        metrics.add(new WebhookMetrics(dispatcher));
        return dispatcher::written;
    }

    /** The name is for whoever looks at a dump of all threads. */
    private static void start(ContainerThreads threads, Runnable task, String name) {
        Thread thread = threads.factory().newThread(task);
        thread.setName(name);
        thread.start();
    }

    @Produces
    @Singleton
    AbandonedRooms abandoned(
            Cluster.EventStores stores, RoomService rooms, ContainerThreads threads, Scheduler scheduler, Parts parts) {
        return parts.add(
                "abandoned rooms",
                new AbandonedRooms(stores.log(), rooms::settle, threads.patient(), scheduler, AbandonedRooms.INTERVAL));
    }

    @Produces
    @Singleton
    RoomEvents events(
            BeanManager beans,
            EventWriter writer,
            History history,
            ContainerThreads threads,
            FlightLog flight,
            Parts parts) {
        ObservedEvents observed =
                parts.add("observers", new ObservedEvents(new CdiObservers(beans), threads.observers()));
        return event -> {
            observed.happened(event);
            writer.happened(event);
            history.happened(event);
            if (event instanceof TrackPublished track) {
                flight.published(
                        track.room(),
                        track.peer(),
                        track.track().stream(),
                        track.track().kind());
            }
        };
    }

    /** Thread: {@code observers}. */
    private record CdiObservers(BeanManager beans) implements ObservedEvents.Observers {
        @Override
        public boolean observe(RoomEvent event) {
            return !beans.resolveObserverMethods(event).isEmpty();
        }

        @Override
        public void tell(RoomEvent event) {
            beans.getEvent().fire(event);
        }
    }
}
