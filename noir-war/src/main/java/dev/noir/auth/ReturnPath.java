package dev.noir.auth;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where somebody goes on after the login: a path of this application with its query, from the application's root on. Everything
 * else that stands in an address is somebody's attempt to send people elsewhere, and leads to the start page.
 *
 * @param value begins with a single slash
 */
record ReturnPath(String value) {
    private static final ReturnPath START = new ReturnPath("/");
    private static final int MAX_LENGTH = 2048;

    // RFC 3986 without the fragment. No backslash, which browsers take for a slash, and nothing that is not printable
    // ASCII.
    private static final Pattern CHARS = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*+");

    // A dot, a slash or worse in disguise.
    private static final Pattern DISGUISED = Pattern.compile("%(2e|2f|5c|0)", Pattern.CASE_INSENSITIVE);

    /** Of a parameter as it has come. */
    static ReturnPath of(@Nullable String given) {
        if (given == null
                || given.length() > MAX_LENGTH
                || !CHARS.matcher(given).matches()) {
            return START;
        }
        int question = given.indexOf('?');
        return isLocal(question < 0 ? given : given.substring(0, question)) ? new ReturnPath(given) : START;
    }

    /** Below the root, and not the login itself, which would send people round in circles. */
    private static boolean isLocal(String path) {
        return path.startsWith("/")
                && !path.startsWith("/auth/")
                && !(path + "/").contains("/./")
                && !(path + "/").contains("/../")
                && !path.contains("//")
                && !DISGUISED.matcher(path).find();
    }

    /** As a Location for who asked for a path one folder below the root; relative, so that no proxy has to rewrite it. */
    String fromAuth() {
        return ".." + value;
    }
}
