package dev.noir.bot.rtc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class LibrariesTest {
    private final Throwable linker = new ExceptionInInitializerError(new RuntimeException(
            "Load library 'webrtc-java' failed",
            new UnsatisfiedLinkError("/tmp/x.so: libX11.so.6: cannot open shared object file: No such file")));

    @Test
    void allThatIsMissingIsNamedWithItsPackage() {
        String said = Libraries.complaint(linker, file -> !file.startsWith("libX"));
        assertTrue(said.contains("libX11.so.6, libXcomposite.so.1, libXfixes.so.3, libXrandr.so.2."), said);
        assertTrue(said.contains("apt-get install --no-install-recommends libx11-6 libxcomposite1"), said);
        assertFalse(said.contains("libpulse"), said);
    }

    /** Where the linker looks is not always known. */
    @Test
    void whatTheLinkerNamesIsMissingWhereverItMayBe() {
        String said = Libraries.complaint(linker, file -> true);
        assertTrue(said.endsWith("apt-get install --no-install-recommends libx11-6"), said);
    }

    @Test
    void anotherReasonIsGivenAsItIs() {
        assertEquals(
                "libwebrtc cannot be loaded: no such platform",
                Libraries.complaint(new RuntimeException("no such platform"), file -> true));
    }
}
