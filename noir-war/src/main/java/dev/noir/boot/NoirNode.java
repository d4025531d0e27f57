package dev.noir.boot;

import dev.noir.admin.Health;
import dev.noir.redis.Cluster;

/**
 * One running noiR. Its parts are beans: each {@code …Module} makes those of one package, by plain constructors, from others
 * that it takes as parameters, so that they are made and started in the order of need. What must be stopped goes into {@link
 * Parts} when it has been started, which stop in reverse order. Asking for this bean makes all of them.
 *
 * <p>To add a part: a producer method in the module of its package, {@code parts.add} when it must be stopped, and a parameter
 * for it here when nothing else needs it. Thread: the server's deployer.
 */
final class NoirNode {
    // Given.
    private final Cluster cluster;
    private final NodeDrain drain;
    private final NativeGrpc grpc;
    private final Health health;
    private final Parts parts;

    NoirNode(Cluster cluster, NodeDrain drain, NativeGrpc grpc, Health health, Parts parts) {
        this.cluster = cluster;
        this.drain = drain;
        this.grpc = grpc;
        this.health = health;
        this.parts = parts;
    }

    /** Everything is there and listens: clients may come. */
    void start() {
        cluster.start();
        parts.add("readiness", () -> health.setStarted(false));
        grpc.start();
        health.setStarted(true);
    }

    /** On SIGTERM, too: many servers close their sockets, or end, before they undeploy their applications. */
    void drainBeforeExit() {
        parts.add("exit hook", ExitHook.install(drain::close));
    }

    NodeDrain drain() {
        return drain;
    }
}
