package dev.noir.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.noir.bus.ClusterKey;
import dev.noir.bus.NodeRegistryContract;
import dev.noir.redis.LeaseSeal.Holder;
import dev.noir.room.RoomId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in Redis counts only where a node of the cluster has put it. */
final class LeaseSealTest {
    private static final RoomId ROOM = new RoomId("a room");
    private static final RoomId OTHER = new RoomId("other");
    private static final ClusterKey KEY = new ClusterKey("a secret of the whole cluster");
    private static final ClusterKey NO_KEY = new ClusterKey("");
    private static final LeaseSeal SIGNED = new LeaseSeal(KEY);
    private static final LeaseSeal UNSIGNED = new LeaseSeal(NO_KEY);

    private static List<String> changed(String text) {
        return List.of(
                text.replaceFirst("^1", "2"),
                text.replace(" n ", " m "),
                text.replace(" life ", " lifE "),
                text.replace(" 7 ", " 8 "),
                text.substring(0, text.length() - 1),
                text.substring(0, text.lastIndexOf(' ')),
                text + " ",
                "",
                "x");
    }

    @Test
    void aLeaseIsReadWhereItWasWritten() {
        String text = SIGNED.lease(ROOM, 12, "n", "life", 7);

        assertEquals(Optional.of(new Holder(text, 12, "n", "life", 7)), SIGNED.readLease(ROOM, text));
        assertEquals(Optional.empty(), SIGNED.readLease(OTHER, text));
        assertEquals(Optional.empty(), new LeaseSeal(new ClusterKey("another secret")).readLease(ROOM, text));
        for (String forged : changed(text)) {
            assertEquals(Optional.empty(), SIGNED.readLease(ROOM, forged), forged);
        }
    }

    @Test
    void withoutASecretItIsAsItAlwaysWas() {
        assertEquals("12 n life", UNSIGNED.lease(ROOM, 12, "n", "life", 0));
        assertEquals(Optional.of(new Holder("12 n life", 12, "n", "life", 0)), UNSIGNED.readLease(ROOM, "12 n life"));
        assertEquals("12 n life 7", UNSIGNED.lease(ROOM, 12, "n", "life", 7));
        assertEquals(7, UNSIGNED.readLease(ROOM, "12 n life 7").orElseThrow().overruled());
        assertEquals("12", UNSIGNED.epoch(ROOM, 12));
        assertEquals(Optional.empty(), SIGNED.readLease(ROOM, "12 n life"));
        assertEquals(Optional.empty(), UNSIGNED.readLease(ROOM, SIGNED.lease(ROOM, 12, "n", "life", 7)));
    }

    @Test
    void anEpochIsNoLeaseAndOfOneRoom() {
        String text = SIGNED.epoch(ROOM, 12);

        assertEquals(OptionalLong.of(12), SIGNED.readEpoch(ROOM, text));
        assertEquals(OptionalLong.empty(), SIGNED.readEpoch(OTHER, text));
        assertEquals(OptionalLong.empty(), SIGNED.readEpoch(ROOM, text.replaceFirst("12", "13")));
        assertEquals(OptionalLong.empty(), SIGNED.readEpoch(ROOM, "12"));
        assertEquals(OptionalLong.empty(), SIGNED.readEpoch(ROOM, ""));
        assertEquals(Optional.empty(), SIGNED.readLease(ROOM, text));
    }

    @Test
    void whatWasLaidDownIsOfOneRoomAndOneKind() {
        String text = SIGNED.state(ROOM, "bans", "[1, 2]");

        assertEquals("[1, 2]", SIGNED.readState(ROOM, "bans", text));
        assertEquals("", SIGNED.readState(ROOM, "bans", SIGNED.state(ROOM, "bans", "")));
        assertEquals("[1, 2]", UNSIGNED.readState(ROOM, "bans", UNSIGNED.state(ROOM, "bans", "[1, 2]")));
        for (String forged : List.of("[1, 2]", "[]", text.replace("2", "3"), text + " ", text.substring(1))) {
            assertThrows(IllegalArgumentException.class, () -> SIGNED.readState(ROOM, "bans", forged), forged);
        }
        assertThrows(IllegalArgumentException.class, () -> SIGNED.readState(OTHER, "bans", text));
        assertThrows(IllegalArgumentException.class, () -> SIGNED.readState(ROOM, "state", text));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aNodesRecordIsOfThatLifeOfThatNode(boolean left) {
        NodeRecord record = new NodeRecord(NodeRegistryContract.info("n"), "life", 3, 1_000, left);
        String text = record.text(KEY);

        assertEquals(Optional.of(record), NodeRecord.parse("n", text, KEY));
        assertEquals(Optional.of(record), NodeRecord.parse("n", text, NO_KEY));
        assertEquals(Optional.of(record), NodeRecord.parse("n", record.text(NO_KEY), NO_KEY));
        for (String forged : List.of(
                record.text(NO_KEY),
                text.replace("\"beat\":3", "\"beat\":4"),
                text.replaceFirst("life", "lifE"),
                text.substring(0, text.length() - 1),
                text + "}",
                "life {}",
                "life",
                "")) {
            assertEquals(Optional.empty(), NodeRecord.parse("n", forged, KEY), forged);
        }
        assertEquals(Optional.empty(), NodeRecord.parse("m", text, KEY));
    }

    @Test
    void aClockThatIsSetIsNoticedAndASlowAnswerIsNot() {
        long second = Duration.ofSeconds(1).toNanos();
        StoreClock known = StoreClock.read(0, second / 1000, 1_000_000);

        assertTrue(StoreClock.read(second, second + second / 1000, 1_001_500).wasSetSince(known));
        assertTrue(StoreClock.read(second, second + second / 1000, 1_000_500).wasSetSince(known));
        assertEquals(false, StoreClock.read(second, 3 * second, 1_002_900).wasSetSince(known));
        assertEquals(1_001_001, known.latestMillis(second));
    }
}
