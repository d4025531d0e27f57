package dev.noir.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PagesPortTest {
    /** What Chromium's first check over TCP begins with: its length, 0x0001, the rest of it and the cookie. */
    private static final String CHECK = "0060 0001 004c 2112";

    @ParameterizedTest
    @CsvSource({
        CHECK + ", true",
        "0060 0001 004c 2113, false",
        "0060 0101 0044 2112, false",
        "0600 0001 004c 2112, false",
        "8060 0001 004c 2112, false",
        "1603 0102 0001 0001, false",
    })
    void framesAreToldFromEverythingElse(String octets, boolean media) {
        byte[] first = HexFormat.of().parseHex(octets.replace(" ", ""));
        assertEquals(media, PagesPort.looksLikeMedia(first, first.length));
    }

    @Test
    void theBeginningOfACheckIsEnough() {
        byte[] first = HexFormat.of().parseHex(CHECK.replace(" ", ""));
        for (int there = 1; there <= first.length; there++) {
            assertEquals(true, PagesPort.looksLikeMedia(first, there));
        }
    }

    @ParameterizedTest
    @CsvSource({"GET / HTTP/1.1", "PRI * HTTP/2.0", "OPTIONS *", "x"})
    void requestsStayWhereTheyAre(String request) {
        byte[] first = new byte[8];
        byte[] octets = request.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(octets, 0, first, 0, Math.min(octets.length, first.length));
        for (int there = 1; there <= Math.min(octets.length, first.length); there++) {
            assertEquals(false, PagesPort.looksLikeMedia(first, there));
        }
    }
}
