package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is the DTLS server of a publisher's connection, from offer to offer. */
class DtlsRoleTest {
    private static final String OFFER = Descriptions.text("chromium-vp8-basic-offer");

    private static PublisherAnswer answer(String setup, @Nullable PublisherAnswer previous) {
        String offer = OFFER.replace("a=setup:actpass", "a=setup:" + setup);
        return PublisherAnswer.create(SessionDescription.parse(offer), Descriptions.local(), previous);
    }

    @ParameterizedTest
    @CsvSource({"actpass, passive", "active, passive", "passive, active"})
    void weTakeTheOtherRole(String offered, String answered) {
        PublisherAnswer answer = answer(offered, null);

        assertEquals(offered.equals("passive"), answer.remote().passive());
        for (MediaDescription section : SessionDescription.parse(answer.text()).media()) {
            assertEquals(answered, section.attribute("setup").orElseThrow());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "passive, actpass, active",
        "passive, passive, active",
        "actpass, actpass, passive",
        "active, actpass, passive",
        "actpass, active, passive"
    })
    void theRoleStays(String first, String second, String answered) {
        PublisherAnswer answer = answer(second, answer(first, null));

        assertTrue(answer.text().contains("a=setup:" + answered), answer.text());
        assertEquals(answered.equals("active"), answer.remote().passive());
    }

    @ParameterizedTest
    @CsvSource({"passive, active", "active, passive", "actpass, passive"})
    void aChangeIsRefusedInWords(String first, String second) {
        PublisherAnswer before = answer(first, null);

        assertTrue(assertThrows(SdpException.class, () -> answer(second, before))
                .getMessage()
                .contains("needs a new connection"));
    }

    @Test
    void oneTransportHasOneRole() {
        String offer =
                OFFER.replaceFirst("a=setup:actpass", "a=setup:passive").replace("a=setup:actpass", "a=setup:active");

        assertTrue(assertThrows(
                        SdpException.class,
                        () -> PublisherAnswer.create(SessionDescription.parse(offer), Descriptions.local(), null))
                .getMessage()
                .contains("different roles"));
    }
}
