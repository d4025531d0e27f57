package dev.noir.boot;

import dev.noir.room.Scheduler;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/**
 * Threads, time, and the list of all that has to be stopped. Threads are handed on as {@link ContainerThreads}, not as executors:
 * servers may have beans of those types. Thread: the server's deployer.
 */
@Dependent
final class ThreadModule {
    @Produces
    @Singleton
    Parts parts() {
        return new Parts();
    }

    /** Of all beans this one alone is disposed of: containers destroy them in any order, and parts have one. */
    void stop(@Disposes Parts parts) {
        parts.close();
    }

    @Produces
    @Singleton
    ContainerThreads threads(Parts parts) {
        return parts.add("threads", ContainerThreads.ofServer());
    }

    @Produces
    @Singleton
    Scheduler scheduler(ContainerThreads threads, Parts parts) {
        return parts.add("timers", new ServerScheduler(threads.scheduler()));
    }
}
