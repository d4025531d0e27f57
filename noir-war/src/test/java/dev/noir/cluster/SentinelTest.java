package dev.noir.cluster;

import dev.noir.fixture.RedisSentinels;
import java.util.List;
import org.junit.jupiter.api.Nested;

final class SentinelTest extends RedisContracts {
    private RedisSentinels redis;

    @Override
    AutoCloseable install() {
        redis = RedisSentinels.start();
        return redis;
    }

    @Override
    String url() {
        return redis.url();
    }

    @Override
    List<String> askAll(String... command) {
        return List.of(redis.currentMaster().ask(command));
    }

    @Nested
    final class Directory extends OnDirectory {}

    @Nested
    final class Bus extends OnBus {}

    @Nested
    final class SignedBus extends OnSignedBus {}

    @Nested
    final class Registry extends OnRegistry {}
}
