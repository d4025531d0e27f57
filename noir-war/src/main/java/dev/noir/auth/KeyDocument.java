package dev.noir.auth;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Public keys as written down: a JWK Set (RFC 7517 §5), or public keys and certificates in PEM (RFC 7468). */
final class KeyDocument {
    /** In bytes; the documents of large issuers have a tenth of it. */
    static final int MAX_SIZE = 256 * 1024;

    private static final int MAX_KEYS = 100;

    private static final Pattern PEM = Pattern.compile(
            "-----BEGIN (PUBLIC KEY|CERTIFICATE)-----([A-Za-z0-9+/=\\s]+)-----END (PUBLIC KEY|CERTIFICATE)-----");

    private KeyDocument() {}

    static List<JWK> parse(String text) throws IOException {
        List<JWK> keys = text.stripLeading().startsWith("{") ? keySet(text) : pem(text);
        if (keys.isEmpty()) {
            throw new IOException("there is no public key in it");
        }
        if (keys.size() > MAX_KEYS) {
            throw new IOException("there are more than " + MAX_KEYS + " keys in it");
        }
        return keys;
    }

    private static List<JWK> keySet(String text) throws IOException {
        try {
            return JWKSet.parse(text).getKeys();
        } catch (ParseException e) {
            throw new IOException("is no JWK Set", e);
        }
    }

    private static List<JWK> pem(String text) throws IOException {
        List<JWK> keys = new ArrayList<>();
        Matcher blocks = PEM.matcher(text);
        while (blocks.find()) {
            try {
                byte[] der = Base64.getMimeDecoder().decode(blocks.group(2));
                keys.add(jwk(blocks.group(1).equals("CERTIFICATE") ? ofCertificate(der) : ofKey(der)));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                throw new IOException("a key in it cannot be read", e);
            }
        }
        return keys;
    }

    private static PublicKey ofCertificate(byte[] der) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(der))
                .getPublicKey();
    }

    private static PublicKey ofKey(byte[] der) throws GeneralSecurityException {
        X509EncodedKeySpec encoded = new X509EncodedKeySpec(der);
        try {
            return KeyFactory.getInstance("RSA").generatePublic(encoded);
        } catch (GeneralSecurityException e) {
            return KeyFactory.getInstance("EC").generatePublic(encoded);
        }
    }

    private static JWK jwk(PublicKey key) throws GeneralSecurityException {
        if (key instanceof RSAPublicKey rsa) {
            return new RSAKey.Builder(rsa).build();
        }
        if (key instanceof ECPublicKey ec) {
            return new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec).build();
        }
        throw new GeneralSecurityException("only RSA and EC keys");
    }
}
