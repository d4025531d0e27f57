package dev.noir.sdp;

/** One {@code type=value} line of a session description. */
public record SdpLine(char type, String value) {
    static SdpLine attribute(String value) {
        return new SdpLine('a', value);
    }

    /** True for {@code a=name} and {@code a=name:…}. */
    boolean isAttribute(String name) {
        return type == 'a'
                && value.startsWith(name)
                && (value.length() == name.length() || value.charAt(name.length()) == ':');
    }

    /** What follows {@code a=name:}; empty for a flag. */
    String attributeValue() {
        return Tokens.after(value, ':').strip();
    }
}
