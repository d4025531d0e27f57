package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.Await;
import dev.noir.bus.Envelope;
import dev.noir.bus.NodeBusContract;
import dev.noir.fixture.RedisProcess;
import dev.noir.fixture.ServerCertificate;
import dev.noir.room.RoomId;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redis that wants TLS, and a user who may do no more than docs/operations.md says. */
final class SecuredRedisTest {
    @TempDir
    static Path directory;

    private static RedisProcess redis;
    private static ServerCertificate certificate;
    private RedisNodes nodes;

    @BeforeAll
    static void startRedis() {
        certificate = ServerCertificate.make(directory);
        redis = RedisProcess.startWithTls(certificate).awaitReady();
        // As docs/operations.md has it.
        String[] rules =
                ("ACL SETUSER noir on >s3cret:/@ ~noir/* resetchannels -@all +evalsha +eval +script|load +get +set +del"
                                + " +exists +pexpire +pttl +scan +time +zadd +zrem +zrange +zrangebyscore +hset +hget +hgetall +hdel +xadd +xread +xrange"
                                + " +xtrim +xinfo|stream +ping +hello +auth +select +client|setname +cluster|slots +asking")
                        .split(" ", -1);
        assertEquals("OK", redis.ask(rules));
        assertEquals("OK", redis.ask("ACL", "SETUSER", "default", "resetpass", "-@all", "+ping"));
    }

    @AfterAll
    static void stopRedis() {
        redis.close();
    }

    @AfterEach
    void stopNodes() {
        nodes.close();
    }

    private String url(String user, String password) {
        return "rediss://" + user + ":" + password + "@127.0.0.1:" + redis.tlsPort() + "?ca=" + certificate.file();
    }

    @Test
    void nodesWorkOverTlsAsAUserWithFewRights() {
        nodes = new RedisNodes(url("noir", "s3cret%3A%2F%40"));
        Cluster a = nodes.start("a");
        Cluster b = nodes.start("b");
        List<Envelope> received = NodeBusContract.listen(b.bus());
        assertTrue(a.bus().send(NodeBusContract.ping("a", "b", 1)));
        Await.until("it arrives", () -> received.size() == 1);
        Await.until("it is ready", a::isReady);
        assertEquals("a", a.rooms().claim(new RoomId("room")).node());
        assertTrue(a.registry().isConnected());
    }

    @Test
    void aWrongPasswordIsNoConnection() {
        nodes = new RedisNodes(url("noir", "wrong"));
        RedisUnavailable failure = assertThrows(RedisUnavailable.class, () -> nodes.directory("a", ""));
        assertTrue(failure.getMessage().contains("WRONGPASS"), failure.getMessage());
        assertFalse(failure.getMessage().contains("wrong "), failure.getMessage());
    }

    @Test
    void aServerWithACertificateOfAnotherNameIsNotTrusted() {
        nodes = new RedisNodes(url("noir", "s3cret%3A%2F%40").replace("127.0.0.1", "localhost"));
        RedisUnavailable failure = assertThrows(RedisUnavailable.class, () -> nodes.directory("a", ""));
        assertTrue(failure.getMessage().contains("No TLS"), failure.getMessage());
    }
}
