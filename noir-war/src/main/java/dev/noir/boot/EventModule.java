package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.config.NoirConfig;
import dev.noir.event.RoomEvent;
import dev.noir.eventlog.EventStore;
import dev.noir.eventlog.EventWriter;
import dev.noir.eventlog.FollowedLog;
import dev.noir.eventlog.LogLimits;
import dev.noir.redis.Cluster;
import dev.noir.room.RoomEvents;
import dev.noir.room.Scheduler;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;
import java.time.Clock;

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
    EventStore store(Cluster cluster, LogLimits limits) {
        return cluster.events(limits);
    }

    /** Also as the {@link dev.noir.eventlog.EventLog} that doors read. */
    @Produces
    @Singleton
    FollowedLog log(EventStore store, ContainerThreads threads, Scheduler scheduler, Parts parts) {
        return parts.add("event log", new FollowedLog(store, threads.tasks(), scheduler));
    }

    @Produces
    @Singleton
    EventWriter writer(
            EventStore store,
            LogLimits limits,
            Cluster cluster,
            FollowedLog log,
            ContainerThreads threads,
            Scheduler scheduler,
            Metrics metrics,
            Parts parts) {
        EventWriter writer = new EventWriter(
                store, cluster.rooms()::kept, log::written, scheduler, Clock.systemUTC(), EventWriter.Times.of(limits));
        Thread thread = threads.factory().newThread(writer);
        thread.setName("noir-events"); // For whoever looks at a dump of all threads.
        parts.add("event writer", writer);
        thread.start();
        metrics.add(new EventMetrics(writer));
        return writer;
    }

    @Produces
    @Singleton
    RoomEvents events(BeanManager beans, EventWriter writer, ContainerThreads threads, Parts parts) {
        ObservedEvents observed =
                parts.add("observers", new ObservedEvents(new CdiObservers(beans), threads.observers()));
        return event -> {
            observed.happened(event);
            writer.happened(event);
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
