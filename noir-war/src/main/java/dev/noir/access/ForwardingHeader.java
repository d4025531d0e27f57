package dev.noir.access;

import java.util.Locale;

/** In which header the proxies that we trust write where a request is from. */
public enum ForwardingHeader {
    X_FORWARDED_FOR("X-Forwarded-For"),
    /** Of RFC 7239. */
    FORWARDED("Forwarded");

    private final String text;

    ForwardingHeader(String text) {
        this.text = text;
    }

    /** The header of that name, in any case; throws {@link IllegalArgumentException} when it is none of them. */
    public static ForwardingHeader of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    /** Its name. */
    public String text() {
        return text;
    }
}
