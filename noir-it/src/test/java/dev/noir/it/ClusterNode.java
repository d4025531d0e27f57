package dev.noir.it;

import dev.noir.fixture.RedisProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A node of one cluster, whose users bring tokens and whose envelopes are signed. */
final class ClusterNode {
    /** Of the nodes alone. */
    static final String SECRET = "a secret of the tests alone";

    private ClusterNode() {}

    /** @param services what it does: {@code signal} alone hosts no rooms, whatever the load */
    static NoirProcess start(RedisProcess redis, Path keys, String id, String services, String... more)
            throws Exception {
        return start(Path.of(NoirProcess.war()), redis, keys, id, services, more);
    }

    /** Another WAR than the one packed last. */
    static NoirProcess start(Path war, RedisProcess redis, Path keys, String id, String services, String... more)
            throws Exception {
        List<String> options = new ArrayList<>(Issuer.options(keys));
        options.add("-Dnoir.redis.url=" + redis.url());
        options.add("-Dnoir.cluster.node-id=" + id);
        options.add("-Dnoir.cluster.services=" + services);
        options.add("-Dnoir.cluster.secret=" + SECRET);
        options.add("-Dnoir.media.loops=1");
        options.addAll(List.of(more));
        return NoirProcess.start(war, options.toArray(String[]::new));
    }
}
