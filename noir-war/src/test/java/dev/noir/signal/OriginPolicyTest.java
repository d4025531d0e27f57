package dev.noir.signal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OriginPolicyTest {
    private final OriginPolicy policy = new OriginPolicy(List.of("https://Good.example/", "http://dev.example:8080"));

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, localhost:7000, true",
                "http://localhost:7070, localhost:7000, true",
                "https://noir.example, noir.example, true",
                "https://NOIR.example, noir.Example:443, true",
                "http://[::1]:7070, [::1]:7000, true",
                "https://good.example, noir.example, true",
                "http://dev.example:8080, noir.example, true",
                "http://dev.example, noir.example, false",
                "https://evil.example, noir.example, false",
                "https://noir.example.evil.test, noir.example, false",
                "https://evil.test/noir.example, noir.example, false",
                "https://noir.example@evil.test, noir.example, false",
                "null, noir.example, false",
                "'', noir.example, false",
                "http://localhost:7070, -, false",
            })
    void comparesHosts(String origin, String host, boolean allowed) {
        assertEquals(allowed, policy.allows(origin, host));
    }

    @Test
    void aStarAllowsAll() {
        assertTrue(new OriginPolicy(List.of("*")).allows("https://evil.test", "noir.example"));
    }
}
