package dev.noir.boot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

final class AccessModuleTest {
    @Test
    void strangersGetWhatIsNotKeptForOthersAndAllOfWhatHasNoLimit() {
        assertEquals(OptionalInt.of(15_000), AccessModule.ofStrangers(20_000, 25));
        assertEquals(OptionalInt.of(0), AccessModule.ofStrangers(20_000, 100));
        assertEquals(OptionalInt.empty(), AccessModule.ofStrangers(0, 25));
    }
}
