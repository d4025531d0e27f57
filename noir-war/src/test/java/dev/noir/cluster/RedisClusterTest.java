package dev.noir.cluster;

import dev.noir.fixture.RedisCluster;
import java.util.List;
import org.junit.jupiter.api.Nested;

final class RedisClusterTest extends RedisContracts {
    private RedisCluster redis;

    @Override
    AutoCloseable install() {
        redis = RedisCluster.start();
        return redis;
    }

    @Override
    String url() {
        return redis.url();
    }

    @Override
    List<String> askAll(String... command) {
        return redis.masters().stream().map(master -> master.ask(command)).toList();
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
