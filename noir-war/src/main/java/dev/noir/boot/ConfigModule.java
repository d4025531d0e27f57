package dev.noir.boot;

import dev.noir.config.NoirConfig;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/** Beans of {@code config}. Thread: the server's deployer. */
@Dependent
final class ConfigModule {
    private static final Logger LOG = System.getLogger(ConfigModule.class.getName());

    @Produces
    @Singleton
    NoirConfig config() {
        Config source = ConfigProvider.getConfig();
        Function<String, Optional<String>> lookup = key -> source.getOptionalValue(key, String.class);
        NoirConfig config = NoirConfig.load(lookup);
        LOG.log(Level.INFO, "Settings: {0}", NoirConfig.describe(lookup));
        for (String key : NoirConfig.unknownKeys(source.getPropertyNames())) {
            LOG.log(Level.WARNING, "{0} is not a setting of noiR: a typing error?", key);
        }
        return config;
    }
}
