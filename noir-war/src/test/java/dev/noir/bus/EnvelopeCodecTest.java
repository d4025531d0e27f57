package dev.noir.bus;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class EnvelopeCodecTest {
    private static final EnvelopeCodec SIGNING = new EnvelopeCodec("a secret of the cluster");
    private static final EnvelopeCodec PLAIN = new EnvelopeCodec("");
    private static final EnvelopeCodec.Sent SENT = new EnvelopeCodec.Sent(
            new Envelope("a", "b", Envelope.Kind.OFFER, "room", "peer", 5, 6, "payload"), "life-a", "life-b", 7);

    @Test
    void readsWhatItWrote() throws EnvelopeCodec.Refused {
        assertEquals(SENT, SIGNING.decode(SIGNING.encode(SENT), "b", "life-b"));
        assertEquals(SENT, PLAIN.decode(PLAIN.encode(SENT), "b", "life-b"));
    }

    @Test
    void aNodeWithoutSecretReadsSignedOnes() throws EnvelopeCodec.Refused {
        assertEquals(SENT, PLAIN.decode(SIGNING.encode(SENT), "b", "life-b"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"from", "life", "number", "kind", "room", "peer", "epoch", "request", "payload", "mac"})
    void everyFieldIsSigned(String name) {
        List<String> fields = new ArrayList<>(SIGNING.encode(SENT));
        int value = fields.indexOf(name) + 1;
        String changed =
                switch (name) {
                    case "kind" -> "ANSWER";
                    case "number", "epoch", "request" -> "99";
                    case "mac" -> fields.get(value).replace('a', 'b').replace('0', '1');
                    default -> "other";
                };
        assertFalse(changed.equals(fields.set(value, changed)));

        assertTrue(refusal(SIGNING, fields, "b", "life-b").forged());
    }

    @Test
    void anEnvelopeIsForOneNodeInOneLife() {
        List<String> fields = SIGNING.encode(SENT);
        assertTrue(refusal(SIGNING, fields, "c", "life-b").forged());
        assertTrue(refusal(SIGNING, fields, "b", "life-c").forged());
    }

    @Test
    void whatBelongsToOneFieldCannotMoveToTheNext() {
        List<String> fields = new ArrayList<>(SIGNING.encode(SENT));
        fields.set(fields.indexOf("room") + 1, "roomp");
        fields.set(fields.indexOf("peer") + 1, "eer");

        assertTrue(refusal(SIGNING, fields, "b", "life-b").forged());
    }

    @Test
    void refusesUnsignedAndOtherwiseSigned() {
        assertTrue(refusal(SIGNING, PLAIN.encode(SENT), "b", "life-b").forged());
        EnvelopeCodec other = new EnvelopeCodec("another secret, as long");
        assertTrue(refusal(SIGNING, other.encode(SENT), "b", "life-b").forged());
        List<String> noHex = new ArrayList<>(PLAIN.encode(SENT));
        noHex.addAll(List.of("mac", "not hexadecimal"));
        assertTrue(refusal(SIGNING, noHex, "b", "life-b").forged());
    }

    @ParameterizedTest
    @ValueSource(strings = {"from", "life", "number", "kind", "room", "peer", "epoch", "request", "payload"})
    void aMissingOrBrokenFieldIsNoCrash(String name) {
        List<String> fields = new ArrayList<>(PLAIN.encode(SENT));
        int index = fields.indexOf(name);
        fields.remove(index);
        fields.remove(index);

        assertFalse(refusal(PLAIN, fields, "b", "life-b").forged());
    }

    @Test
    void aKindOfALaterVersionIsRefused() {
        List<String> fields = new ArrayList<>(PLAIN.encode(SENT));
        fields.set(fields.indexOf("kind") + 1, "TELEPORT");

        assertFalse(refusal(PLAIN, fields, "b", "life-b").forged());
    }

    private static EnvelopeCodec.Refused refusal(
            EnvelopeCodec codec, List<String> fields, String node, String incarnation) {
        return assertThrows(EnvelopeCodec.Refused.class, () -> codec.decode(fields, node, incarnation));
    }
}
