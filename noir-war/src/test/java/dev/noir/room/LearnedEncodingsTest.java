package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LearnedEncodingsTest {
    private final LearnedEncodings learned = new LearnedEncodings();

    @Test
    void theNewestWordCounts() {
        learned.note(new LearnedEncoding("1", "q", 0, 8));
        learned.note(new LearnedEncoding("1", "h", 9, 0));
        learned.note(new LearnedEncoding("1", "q", 7, 8));

        assertEquals(List.of(new LearnedEncoding("1", "h", 9, 0), new LearnedEncoding("1", "q", 7, 8)), learned.all());
    }

    @Test
    void oldSectionsMakeRoom() {
        for (int mid = 0; mid < 1000; mid++) {
            learned.note(new LearnedEncoding(String.valueOf(mid), "q", mid + 1, 0));
        }

        assertEquals(256, learned.all().size());
        assertEquals(1000, learned.all().get(255).ssrc());
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "0, -1", "4294967296, 0", "0, 4294967296"})
    void nodesMayLie(long ssrc, long rtxSsrc) {
        assertThrows(IllegalArgumentException.class, () -> new LearnedEncoding("1", "q", ssrc, rtxSsrc));
        assertThrows(IllegalArgumentException.class, () -> new LearnedEncoding("1", "", 1, 1));
        assertThrows(IllegalArgumentException.class, () -> new LearnedEncoding("1", "r".repeat(256), 1, 1));
    }
}
