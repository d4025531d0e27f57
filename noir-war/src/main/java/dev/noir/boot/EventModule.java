package dev.noir.boot;

import dev.noir.event.RoomEvent;
import dev.noir.room.RoomEvents;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.inject.Singleton;

/** What rooms tell becomes events of CDI, for observers in other people's jars. Thread: the server's deployer. */
@Dependent
final class EventModule {
    @Produces
    @Singleton
    RoomEvents events(BeanManager beans, ContainerThreads threads, Parts parts) {
        return parts.add("observers", new ObservedEvents(new CdiObservers(beans), threads.observers()));
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
