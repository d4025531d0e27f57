package dev.noir.access;

/**
 * A pattern of names: {@code *} stands for any characters or none, {@code ?} for one, all others for themselves. Matching takes
 * at most the product of the lengths, whatever the pattern is. Immutable.
 */
public record Glob(String pattern) {
    public boolean matches(String name) {
        int at = 0;
        int star = -1;
        int retry = 0;
        for (int i = 0; i < name.length(); ) {
            if (at < pattern.length() && pattern.charAt(at) == '*') {
                star = at++;
                retry = i;
            } else if (at < pattern.length() && (pattern.charAt(at) == '?' || pattern.charAt(at) == name.charAt(i))) {
                at++;
                i++;
            } else if (star >= 0) {
                // The last asterisk takes one character more.
                at = star + 1;
                i = ++retry;
            } else {
                return false;
            }
        }
        while (at < pattern.length() && pattern.charAt(at) == '*') {
            at++;
        }
        return at == pattern.length();
    }
}
