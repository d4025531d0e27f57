package dev.noir.boot;

import dev.noir.admin.BotJob;
import dev.noir.admin.JobKind;
import dev.noir.admin.Metrics;
import dev.noir.auth.OwnTokens;
import dev.noir.bots.BotOrder;
import dev.noir.bots.BotWords;
import dev.noir.bots.BotWorkers;
import dev.noir.config.BotSettings;
import dev.noir.config.NoirConfig;
import dev.noir.room.Scheduler;
import dev.noir.route.RoutedRooms;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Beans of {@code bots}, and the job that uses them. Thread: the server's deployer. */
@Dependent
final class BotModule {
    @Produces
    @Singleton
    OwnTokens ownTokens(Scheduler scheduler) {
        return new OwnTokens(scheduler::nanoTime, new SecureRandom());
    }

    /** Also where there are none, so that who asks for one hears why. */
    @Produces
    @Singleton
    JobKind bot(
            NoirConfig config,
            OwnTokens tokens,
            RoutedRooms routes,
            ContainerThreads threads,
            Scheduler scheduler,
            Metrics metrics,
            Parts parts) {
        BotSettings settings = config.disk().bots();
        if (!settings.isOn()) {
            return new BotJob(Optional.empty(), routes.api(), scheduler, new SecureRandom());
        }
        String url = settings.url().isEmpty()
                ? "ws://localhost:" + config.httpPorts().get(0) + "/ws"
                : settings.url();
        Function<BotOrder, BotWords.Door> doors = order -> new BotWords.Door(
                url, order.attends() ? tokens.giveAttendant(order.uid()) : tokens.give(order.uid(), settings.roles()));
        BotWorkers workers = parts.add(
                "bots",
                new BotWorkers(
                        JvmWorker.source(Path.of(settings.jar()), options(settings), threads.factory()),
                        doors,
                        settings.recycle(),
                        threads.patient(),
                        scheduler));
        metrics.add(new BotMetrics(workers));
        return new BotJob(Optional.of(workers), routes.api(), scheduler, new SecureRandom());
    }

    private static List<String> options(BotSettings settings) {
        List<String> options = new ArrayList<>();
        if (!settings.classpath().isEmpty()) {
            options.addAll(List.of("--classpath", settings.classpath()));
        }
        if (!settings.files().isEmpty()) {
            options.addAll(List.of("--files", settings.files()));
        }
        return options;
    }
}
