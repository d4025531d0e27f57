package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.HostAndPort;

final class RedisUrlTest {
    @Test
    void readsOneServer() {
        RedisUrl url = RedisUrl.parse("redis://example.org");
        assertEquals(RedisUrl.Mode.SINGLE, url.mode());
        assertEquals(List.of(new HostAndPort("example.org", 6379)), url.servers());
        assertNull(url.user());
        assertNull(url.password());
        assertEquals(0, url.database());
        assertFalse(url.tls());
    }

    @Test
    void readsUserPasswordPortDatabaseAndCertificates() {
        RedisUrl url = RedisUrl.parse("rediss://j%40e:a%2Fb%3Ac%40d+e@[2001:db8::1]:7000/3?ca=/etc/my%20ca.pem");
        assertEquals("j@e", url.user());
        assertEquals("a/b:c@d+e", url.password());
        assertEquals(List.of(new HostAndPort("2001:db8::1", 7000)), url.servers());
        assertEquals(3, url.database());
        assertTrue(url.tls());
        assertEquals(Optional.of(Path.of("/etc/my ca.pem")), url.ca());
    }

    @Test
    void readsSentinels() {
        RedisUrl url =
                RedisUrl.parse("redis-sentinel://:secret@a,b:1,c:2/my-master/4?sentinel-password=other%26secret");
        assertEquals(RedisUrl.Mode.SENTINEL, url.mode());
        assertEquals(
                List.of(new HostAndPort("a", 26379), new HostAndPort("b", 1), new HostAndPort("c", 2)), url.servers());
        assertEquals("my-master", url.master());
        assertEquals(4, url.database());
        assertNull(url.user());
        assertEquals("secret", url.password());
        assertEquals("other&secret", url.sentinelPassword());
    }

    @Test
    void readsAClusterWithTls() {
        RedisUrl url = RedisUrl.parse("rediss-cluster://u:p@a:7000,b");
        assertEquals(RedisUrl.Mode.CLUSTER, url.mode());
        assertEquals(List.of(new HostAndPort("a", 7000), new HostAndPort("b", 6379)), url.servers());
        assertTrue(url.tls());
    }

    @Test
    void isPrintedWithoutPasswords() {
        assertEquals(
                "rediss-sentinel://joe:***@a:1,b:26379/m/2",
                RedisUrl.parse("rediss-sentinel://joe:hunter2@a:1,b/m/2?sentinel-password=hunter2")
                        .toString());
        assertEquals("redis://a:6379", RedisUrl.parse("redis://a").toString());
    }

    @ParameterizedTest
    @CsvSource({
        "http://a, is not like",
        "redis://, is not like",
        "redis://a:0, where host or host:port belongs",
        "redis://a:65536, where host or host:port belongs",
        "'redis://a,b', names several servers",
        "redis://hunter2@a, no password",
        "redis://a/x, no number",
        "redis-cluster://a/1, only one",
        "redis-sentinel://a, lacks the master",
        "redis://a?ca=/x, 'ca'",
        "redis://a?sentinel-password=hunter2, 'sentinel-password'",
        "redis://a?tls=true, 'tls'"
    })
    void saysWhatIsWrongAndNoPassword(String text, String reason) {
        String message = assertThrows(IllegalArgumentException.class, () -> RedisUrl.parse(text))
                .getMessage();
        assertTrue(message.contains(reason), message);
        assertFalse(message.contains("hunter2"), message);
    }
}
