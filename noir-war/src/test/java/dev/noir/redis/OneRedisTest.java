package dev.noir.redis;

import dev.noir.fixture.RedisProcess;
import java.util.List;
import org.junit.jupiter.api.Nested;

final class OneRedisTest extends RedisContracts {
    private RedisProcess redis;

    @Override
    AutoCloseable install() {
        redis = RedisProcess.start().awaitReady();
        return redis;
    }

    @Override
    String url() {
        return redis.url();
    }

    @Override
    List<String> askAll(String... command) {
        return List.of(redis.ask(command));
    }

    @Nested
    final class Directory extends OnDirectory {}

    @Nested
    final class SignedDirectory extends OnSignedDirectory {}

    @Nested
    final class Events extends OnEvents {}

    @Nested
    final class Webhooks extends OnWebhooks {}

    @Nested
    final class SignedEvents extends OnSignedEvents {}

    @Nested
    final class Bus extends OnBus {}

    @Nested
    final class SignedBus extends OnSignedBus {}

    @Nested
    final class Registry extends OnRegistry {}
}
