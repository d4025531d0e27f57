package dev.noir.boot;

import dev.noir.admin.Metrics;
import dev.noir.flight.FlightLog;
import dev.noir.room.Scheduler;
import dev.noir.sfu.NativeMediaPlane;
import dev.noir.trace.Spans;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Beans by which others see what the node does: JMX, the JVM's flight recorder, spans. Thread: the server's deployer. */
@Dependent
final class MonitoringModule {
    @Produces
    @Singleton
    FlightLog flight(Parts parts) {
        return parts.add("flight log", FlightLog.ofThisJvm());
    }

    @Produces
    @Singleton
    Spans spans() {
        return new Spans();
    }

    @Produces
    @Singleton
    LoopMetrics loops(NativeMediaPlane media, Metrics metrics, FlightLog flight, Scheduler scheduler) {
        LoopMetrics loops = new LoopMetrics(media, metrics, flight, scheduler);
        media.watch(loops);
        metrics.add(loops);
        flight.whileRecording(loops::ask);
        QualityMetrics quality = new QualityMetrics(media, flight, scheduler);
        metrics.add(quality);
        flight.whileRecording(quality::tellSwitches);
        return loops;
    }

    @Produces
    @Singleton
    ManagementBean managementBean(NodeId id, Metrics metrics, Parts parts) {
        return parts.add("management bean", new ManagementBean(id, metrics));
    }
}
