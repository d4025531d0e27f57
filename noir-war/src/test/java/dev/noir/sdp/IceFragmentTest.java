package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class IceFragmentTest {
    private static final String OFFER = Descriptions.text("chromium-vp8-basic-offer");
    private static final String ANEW = "a=ice-ufrag:efgh\r\na=ice-pwd:" + "q".repeat(24) + "\r\n";

    @Test
    void namesCandidatesAndCredentials() {
        IceFragment fragment =
                IceFragment.parse(ANEW + "m=audio 9 RTP/AVP 0\na=mid:0\na=candidate:1 1 udp 1 192.0.2.1 5 typ host\n");
        assertEquals("efgh", fragment.ice().orElseThrow().ufrag());
        assertEquals(List.of("candidate:1 1 udp 1 192.0.2.1 5 typ host"), fragment.candidates());
        assertTrue(fragment.restarts(OFFER));
    }

    @Test
    void theSameCredentialsAreNoRestart() {
        RemoteParameters offered = RemoteParameters.read(SessionDescription.parse(OFFER));
        String same = "a=ice-ufrag:" + offered.ufrag() + "\na=ice-pwd:" + offered.pwd() + "\n";
        assertFalse(IceFragment.parse(same).restarts(OFFER));
        assertFalse(IceFragment.parse("a=end-of-candidates").restarts(OFFER));
    }

    @Test
    void anOfferIsTheSameButForItsIce() {
        String applied = IceFragment.parse(ANEW).appliedTo(OFFER);
        assertEquals(
                "efgh", RemoteParameters.read(SessionDescription.parse(applied)).ufrag());
        assertEquals(without(OFFER), without(applied));
    }

    private static List<String> without(String sdp) {
        return sdp.lines()
                .filter(line -> !line.startsWith("a=ice-") && !line.startsWith("a=candidate:"))
                .toList();
    }

    @Test
    void oursHasTheCandidatesOfTheAnswer() {
        String answer = Descriptions.answer("chromium-vp8-basic-offer").text();
        IceFragment ours = IceFragment.parse(IceFragment.of(answer));
        assertEquals(4, ours.candidates().size());
        assertFalse(ours.restarts(answer));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n",
                "hello",
                "a=ice-ufrag:abcd",
                "a=ice-pwd:pppppppppppppppppppppppp",
                "a=ice-ufrag:a\na=ice-pwd:b"
            })
    void whatIsNoneIsRefused(String text) {
        assertThrows(SdpException.class, () -> IceFragment.parse(text));
    }

    @Test
    void itHasAnEnd() {
        assertThrows(SdpException.class, () -> IceFragment.parse("a=x\n".repeat(600)));
        assertThrows(SdpException.class, () -> IceFragment.parse("a=" + "x".repeat(IceFragment.MAX_CHARS)));
    }
}
