package dev.noir.boot;

import dev.noir.auth.AuthMode;
import dev.noir.auth.Identification;
import dev.noir.auth.Logins;
import dev.noir.auth.OwnPages;
import dev.noir.auth.OwnTokens;
import dev.noir.auth.TokenVerifier;
import dev.noir.config.NoirConfig;
import dev.noir.room.Scheduler;
import dev.noir.signal.OriginPolicy;
import dev.noir.web.RequestOrigin;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Beans of {@code auth}, for its filter and servlets. Thread: the server's deployer. */
@Dependent
final class IdentityModule {
    /** Lets somebody do nothing in particular; pages are told that he has it. */
    private static final String USER = "noir-user";

    @Produces
    @Singleton
    Logins logins() {
        return new Logins();
    }

    @Produces
    @Singleton
    OwnPages ownPages(OriginPolicy origins) {
        return origins::allows;
    }

    @Produces
    @Singleton
    Identification identification(
            NoirConfig config,
            PolicyWatch policies,
            RequestOrigin origin,
            Logins logins,
            OwnTokens own,
            ContainerThreads threads,
            Scheduler scheduler,
            Parts parts) {
        Clock clock = Clock.systemUTC();
        TokenVerifier tokens = null;
        if (config.auth().takesTokens()) {
            TokenParts made = TokenParts.start(config.auth(), clock, scheduler, threads.factory());
            tokens = parts.add("tokens", made).verifier();
        }
        AuthMode mode = AuthMode.valueOf(config.auth().mode().toUpperCase(Locale.ROOT));
        return new Identification(
                new Identification.Rules(
                        mode,
                        () -> asked(policies),
                        request -> origin.of(request).text(),
                        tokens,
                        own),
                logins,
                clock,
                scheduler);
    }

    /** The roles that somebody asks about, now: policies change. */
    private static Set<String> asked(PolicyWatch policies) {
        Set<String> roles = new HashSet<>(policies.get().roleNames());
        roles.add(USER);
        return roles;
    }
}
