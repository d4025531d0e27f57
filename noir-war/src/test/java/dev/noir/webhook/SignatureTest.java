package dev.noir.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.net.URI;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** By the vector that the libraries of Standard Webhooks are tested with. */
final class SignatureTest {
    private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    private static final long TIME = 1614265330;
    private static final String BODY = "{\"test\": 2432232314}";
    private static final String SIGNED = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

    @Test
    void signsAsTheSpecificationSays() {
        assertEquals(SIGNED, new Signature(List.of(SECRET)).of(ID, TIME, BODY));
    }

    @Test
    void signsWithEverySecretWhileOneIsReplaced() {
        String newer = "whsec_" + "A".repeat(32);

        assertEquals(
                new Signature(List.of(newer)).of(ID, TIME, BODY) + " " + SIGNED,
                new Signature(List.of(newer, SECRET)).of(ID, TIME, BODY));
    }

    @Test
    void nothingSecretIsPrinted() {
        Webhook webhook = new Webhook(
                URI.create("https://hooks.example.org/s3cret?token=s3cret"), new Signature(List.of(SECRET)), Set.of());

        assertFalse((webhook + " " + webhook.signature()).contains("s3cret"));
        assertFalse(webhook.signature().toString().contains(SECRET.substring(6)));
    }
}
