package dev.noir.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands where others have SDP. */
final class PlayingTest {
    @Test
    void aTextIsReadAsItWasWritten() {
        Playing what = new Playing("a=b c.webm", Playing.FOR_EVER, 1234, true);

        assertEquals(what, Playing.read(what.text()));
    }

    @Test
    void whatIsMissingIsAsUsualAndWhatIsUnknownIsSkipped() {
        assertEquals(new Playing("f", 0, 0, false), Playing.read("colour=blue\nfile=f\nnonsense\n=\n"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "file=\n",
                "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\n",
                "file=f\nrepeat=-2\n",
                "file=f\nrepeat=2147483648\n",
                "file=f\nrepeat=-99999999999\n",
                "file=f\nrepeat=often\n",
                "file=f\nposition=-1\n",
                "file=f\nposition=1e3\n",
                "file=a\tb\n"
            })
    void whatNobodyCanPlayIsRefused(String text) {
        assertThrows(RoomException.class, () -> Playing.read(text));
    }

    @Test
    void sizesAreLimited() {
        assertEquals(255, Playing.read("file=" + "f".repeat(255)).file().length());
        assertThrows(RoomException.class, () -> Playing.read("file=" + "f".repeat(256)));
        assertThrows(RoomException.class, () -> Playing.read("file=f\n" + "x".repeat(Playing.MAX_TEXT)));
    }

    @Test
    void aChangeSaysOnlyWhatIsOtherwise() {
        Playing.Change pause = new Playing.Change(Optional.of(true), OptionalLong.empty());
        Playing.Change seek = new Playing.Change(Optional.empty(), OptionalLong.of(5000));

        assertEquals("paused=true\n", pause.text());
        assertEquals(pause, Playing.Change.read(pause.text()));
        assertEquals(seek, Playing.Change.read(seek.text()));
        Playing what = new Playing("f", 2, 100, false);
        assertEquals(new Playing("f", 2, 100, true), what.with(pause));
        assertEquals(new Playing("f", 2, 5000, false), what.with(seek));
    }
}
