package dev.noir.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NoirConfigTest {

    @Test
    void takesTheDefaultsOfTheContract() {
        NoirConfig config = NoirConfig.defaults();
        assertEquals(List.of(7000, 7001, 7070), config.httpPorts());
        assertTrue(config.ports().health().isEmpty());
        assertEquals(7001, config.ports().management().getAsInt());
        assertEquals(5000, config.mediaPort());
        assertTrue(config.ice().tcp());
        assertEquals(7000, config.ports().media().getAsInt());
        assertEquals(List.of(), config.tls().files());
        assertEquals(Runtime.getRuntime().availableProcessors(), config.mediaLoops());
        assertEquals(List.of(), config.mediaAddresses());
        assertEquals(List.of(), config.mediaAnnouncedAddresses());
        assertEquals(List.of(), config.allowedOrigins());
    }

    @Test
    void readsWhatIsSet() {
        NoirConfig config = load(Map.of(
                "noir.http.health.port", "7007",
                "noir.media.port", " 6000 ",
                "noir.media.loops", "3",
                "noir.media.addresses", "127.0.0.1, ::1",
                "noir.media.announced-addresses", "203.0.113.7",
                "noir.allowed-origins", "https://Example.org:8443,http://a.example"));
        assertEquals(7007, config.ports().health().getAsInt());
        assertEquals(6000, config.mediaPort());
        assertEquals(3, config.mediaLoops());
        assertEquals(List.of("127.0.0.1", "0:0:0:0:0:0:0:1"), texts(config.mediaAddresses()));
        assertEquals(List.of("203.0.113.7"), texts(config.mediaAnnouncedAddresses()));
        assertEquals(List.of("https://example.org:8443", "http://a.example"), config.allowedOrigins());
    }

    @Test
    void iceServersAreUris() {
        assertEquals(
                new IceSettings(true, List.of(), "", ""), NoirConfig.defaults().ice());
        IceSettings ice = load(Map.of(
                        "noir.ice.servers", "stun:stun.example.org, TURNS:[2001:db8::1]:5349?transport=tcp",
                        "noir.ice.username", "noir",
                        "noir.ice.credential", "a b"))
                .ice();
        assertEquals(List.of("stun:stun.example.org", "turns:[2001:db8::1]:5349?transport=tcp"), ice.servers());
        assertEquals("a b", ice.credential());
    }

    @ParameterizedTest
    @CsvSource({
        "noir.ice.servers, stun.example.org",
        "noir.ice.servers, stun:stun.example.org?transport=udp",
        "noir.ice.servers, turn:turn.example.org?transport=sctp",
        "noir.ice.servers, turn:a>b",
        "noir.ice.username, 'a\"b'",
        "noir.ice.username, alone"
    })
    void iceServersThatCannotBeAreRefused(String key, String text) {
        ConfigException refused = assertThrows(ConfigException.class, () -> load(Map.of(key, text)));
        assertTrue(String.valueOf(refused.getMessage()).contains(key));
    }

    @Test
    void managementHasAPortOfItsOwnBetweenTheOthersOrNone() {
        assertEquals(
                8001,
                load(Map.of("noir.http.ports", "8000,8001,8070", "noir.http.management.port", "8001"))
                        .ports()
                        .management()
                        .getAsInt());
        for (String ports : List.of("7001", "7000,7001", "7001,7070,7000", "8000,8001,8070")) {
            assertTrue(
                    load(Map.of("noir.http.ports", ports)).ports().management().isEmpty(), ports);
        }
        assertTrue(load(Map.of("noir.http.management.port", "none"))
                .ports()
                .management()
                .isEmpty());
    }

    @Test
    void clientsCanBeToldAnotherPortOfThePagesOrNone() {
        assertEquals(
                443, load(Map.of("noir.http.media.port", "443")).ports().media().getAsInt());
        assertTrue(load(Map.of("noir.http.media.port", "none")).ports().media().isEmpty());
        assertEquals(
                8443,
                load(Map.of("noir.http.ports", "8443,7000")).ports().media().getAsInt());
        assertTrue(load(Map.of("noir.http.ports", "0")).ports().media().isEmpty(), "nobody knows it yet");
    }

    @Test
    void httpsNeedsACertificateAndItsKey() {
        Map<String, String> both = Map.of("noir.http.certificate", "c.pem", "noir.http.key", "k.pem");
        assertEquals(List.of("c.pem", "k.pem"), load(both).tls().files());
        for (String one : both.keySet()) {
            ConfigException e = assertThrows(ConfigException.class, () -> load(Map.of(one, "x.pem")));
            assertTrue(e.getMessage().contains("https needs both"), e.getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "noir.http.media.port|0|is not a whole number from 1 to 65535",
                "noir.http.ports|,|is empty",
                "noir.http.ports|7000,x|is not a whole number from 0 to 65535",
                "noir.http.health.port|none|is not a whole number from 0 to 65535",
                "noir.media.port|65536|is not a whole number from 0 to 65535",
                "noir.media.port|-1|is not a whole number",
                "noir.drain.timeout|-1|is not a whole number from 0 to 86400",
                "noir.media.loops|65|is not a whole number from 0 to 64",
                "noir.audio.level.interval|50|is too short: more than 50, or 0 for the default",
                "noir.audio.level.threshold|128|is not a whole number from 0 to 127",
                "noir.media.addresses|localhost|is not an IPv4 or IPv6 address",
                "noir.media.addresses|300.1.1.1|is not an IPv4 or IPv6 address",
                "noir.media.announced-addresses|auto|is not an IPv4 or IPv6 address",
                "noir.allowed-origins|example.org|is not an origin",
                "noir.allowed-origins|https://example.org/path|is not an origin",
                "noir.allowed-origins|https://exa mple.org|is not an origin",
                "noir.room.max-peers|1|is not a whole number from 2",
                "noir.redis.url|localhost:6379|is not a URL of redis://",
                "noir.redis.url|redis://|is not a URL of redis://",
                "noir.cluster.node-id|a node|is not up to 64 letters",
                "noir.auth.roles.administer|**|would let everybody administer",
                "noir.auth.roles.join|board*|has an asterisk in a role's name",
                "noir.limits.known-share|101|is not a whole number from 0 to 100",
                "noir.proxies.trusted|10.0.0.0/33|is not a whole number from 0 to 32",
                "noir.proxies.trusted|proxy.example.org|is not an IPv4 or IPv6 address",
                "noir.proxies.header|X-Real-IP|has other words than x-forwarded-for, forwarded",
                "noir.allowed-hosts|https://a.example|is not a host name or address",
                "noir.allowed-hosts|a.example:443|is not a host name or address",
                "noir.cluster.services|sfu,router|has other words than signal, sfu, job"
            })
    void saysWhatIsWrongWithAValue(String key, String text, String reason) {
        ConfigException e = assertThrows(ConfigException.class, () -> load(Map.of(key, text)));
        assertTrue(e.getMessage().contains(key + ": '" + text + "' " + reason), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "signal|without sfu this node needs others that have it: set noir.redis.url",
                "sfu,job|without signal this node needs others that have it: set noir.redis.url",
                "job|neither signal nor sfu, so this node would do nothing"
            })
    void aNodeAloneDoesAllOfIt(String services, String reason) {
        ConfigException e = assertThrows(ConfigException.class, () -> load(Map.of("noir.cluster.services", services)));
        assertTrue(e.getMessage().contains("noir.cluster.services: " + reason), e.getMessage());
    }

    @Test
    void aNodeOfAClusterMayDoAPart() {
        for (String services : List.of("signal", "sfu")) {
            Map<String, String> set = Map.of("noir.cluster.services", services, "noir.redis.url", "redis://localhost");
            assertEquals(List.of(services), load(set).clusterServices());
        }
        Map<String, String> nothing = Map.of("noir.cluster.services", "job", "noir.redis.url", "redis://localhost");
        assertThrows(ConfigException.class, () -> load(nothing));
    }

    @Test
    void doesNotRepeatASecretThatIsTooShort() {
        ConfigException e = assertThrows(ConfigException.class, () -> load(Map.of("noir.cluster.secret", "hunter2")));
        assertTrue(e.getMessage().contains("noir.cluster.secret: '***' has less than 16"), e.getMessage());
    }

    @Test
    void aClusterThatKnowsPeopleNeedsASecret() {
        Map<String, String> cluster = Map.of("noir.redis.url", "redis://localhost");
        Map<String, String> knowing = Map.of(
                "noir.auth.mode", "optional",
                "noir.access.policy", "policies",
                "noir.auth.roles.moderate", "teacher",
                "noir.auth.roles.publish-data", "-");
        for (Map.Entry<String, String> known : knowing.entrySet()) {
            Map<String, String> set = new HashMap<>(cluster);
            set.put(known.getKey(), known.getValue());
            ConfigException e = assertThrows(ConfigException.class, () -> load(set));
            assertTrue(
                    e.getMessage().contains("noir.cluster.secret: must be set in a cluster with " + known.getKey()),
                    e.getMessage());
            set.put("noir.cluster.secret", "a secret of the whole cluster");
            assertEquals("redis://localhost", load(set).redisUrl());
        }
        assertEquals("", load(cluster).clusterSecret());
        assertEquals(
                "",
                load(Map.of("noir.redis.url", "redis://localhost", "noir.auth.roles.moderate", "noir-moderator"))
                        .clusterSecret());
    }

    @Test
    void soDoesOneThatTakesTokens() {
        for (String key : List.of("noir.auth.jwt.keys", "noir.auth.jwt.secret-file")) {
            Map<String, String> set = Map.of("noir.redis.url", "redis://localhost", key, "keys.json");
            ConfigException e = assertThrows(ConfigException.class, () -> load(set));
            assertTrue(e.getMessage().contains("in a cluster with tokens (noir.auth.jwt.*)"), e.getMessage());
        }
    }

    @Test
    void takesAnAudioLevelIntervalOfNothingForTheDefault() {
        NoirConfig config = load(Map.of("noir.audio.level.interval", "0", "noir.audio.loudest", "7"));
        assertEquals(new AudioSettings(1000, 40, 20, 7), config.audio());
    }

    @Test
    void readsAPlayoutDelay() {
        String key = "noir.media.playout-delay";
        assertEquals(Optional.empty(), load(Map.of()).playoutDelay());
        assertEquals(
                Optional.of(new PlayoutDelay(0, 0)), load(Map.of(key, "0-0")).playoutDelay());
        assertEquals(
                Optional.of(new PlayoutDelay(20, 40_950)),
                load(Map.of(key, "20-40950")).playoutDelay());
        for (String wrong : List.of("0", "-10-20", "20-10", "5-10", "0-40960", "0-999999", "0 - 10", "low")) {
            ConfigException e = assertThrows(ConfigException.class, () -> load(Map.of(key, wrong)));
            assertTrue(e.getMessage().contains(key), e.getMessage());
        }
    }

    @Test
    void masksPasswordsInUrls() {
        Map<String, String> set =
                Map.of("noir.redis.url", "redis-sentinel://joe:hun@ter/2@a:1,b:2/noir?sentinel-password=hunter2&x=y");
        assertEquals(
                "redis-sentinel://***@a:1,b:2/noir?sentinel-password=***&x=y",
                NoirConfig.describe(key -> Optional.ofNullable(set.get(key))).get("noir.redis.url"));
    }

    @Test
    void saysAllThatIsWrongAtOnce() {
        Map<String, String> wrong = Map.of("noir.media.port", "x", "noir.http.ports", "y");
        String message = assertThrows(ConfigException.class, () -> load(wrong)).getMessage();
        assertTrue(message.contains("noir.media.port") && message.contains("noir.http.ports"), message);
    }

    @Test
    void refusesLoopsBeyondTheLastPort() {
        Map<String, String> wrong = Map.of("noir.media.port", "65535", "noir.media.loops", "2");
        assertThrows(ConfigException.class, () -> load(wrong));
    }

    @Test
    void namesKeysThatDoNotExist() {
        assertEquals(
                Set.of("noir.media.prot"),
                NoirConfig.unknownKeys(List.of("noir.media.prot", "noir.media.port", "java.home", "noirish")));
    }

    @Test
    void masksSecrets() {
        Setting<String> secret = new Setting<>("noir.x", "", true, text -> text);
        assertEquals("***", secret.printed("hunter2"));
        assertEquals("", secret.printed(""));
    }

    /** The file under config/ is the documentation: it must name every key with its true default, and no other. */
    @Test
    void documentsEveryKey() throws IOException {
        Properties documented = new Properties();
        try (Reader in = Files.newBufferedReader(Path.of("../config/microprofile-config.properties"))) {
            documented.load(in);
        }
        for (Setting<?> setting : Settings.ALL) {
            assertEquals(setting.defaultText(), documented.remove(setting.key()), setting.key());
        }
        assertEquals(Set.of(), documented.stringPropertyNames());
    }

    /** Types of events are documented where they are explained. */
    @Test
    void webhooksTakeEveryTypeOfEvent() throws IOException {
        List<String> types = Pattern.compile("`([a-z]+\\.[a-z]+)`")
                .matcher(Files.readString(Path.of("../docs/extending.md"))
                        .replaceAll("(?s).*\\n\\| `type`|\\n## Rooms.*", ""))
                .results()
                .map(type -> type.group(1))
                .toList();
        assertTrue(types.containsAll(List.of("room.opened", "peer.moved", "job.failed")), types.toString());
        assertEquals(
                types,
                load(Map.of("noir.webhooks.types", String.join(",", types)))
                        .events()
                        .webhooks()
                        .types());
    }

    private static NoirConfig load(Map<String, String> set) {
        return NoirConfig.load(key -> Optional.ofNullable(set.get(key)));
    }

    private static List<String> texts(List<InetAddress> addresses) {
        return addresses.stream().map(InetAddress::getHostAddress).toList();
    }

    @Test
    void aShortAdminTokenIsRefusedAndNotPrinted() {
        ConfigException refusal =
                assertThrows(ConfigException.class, () -> load(Map.of("noir.admin.token", "guessme")));

        assertTrue(String.valueOf(refusal.getMessage()).contains("noir.admin.token: '***' is not 16 or more"));
    }
}
