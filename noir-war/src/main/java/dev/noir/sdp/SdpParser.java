package dev.noir.sdp;

import java.util.ArrayList;
import java.util.List;

/** One pass over the text of a description; used once. */
final class SdpParser {
    // Limits against descriptions made to keep us busy. A browser with 64 video sections and all its codecs, or with
    // hundreds that it does not use any more, stays below.
    static final int MAX_CHARS = 1024 * 1024;
    static final int MAX_LINE_CHARS = 8 * 1024;
    static final int MAX_LINES = 64 * 1024;
    static final int MAX_SECTION_LINES = 1024;

    /** Less, because every section looks here for what it does not say itself. */
    static final int MAX_SESSION_LINES = 128;

    /** Those included that are not used any more. */
    static final int MAX_SECTIONS = 1024;

    static final int MAX_CANDIDATES = 512;

    /** There are 128 payload types. */
    static final int MAX_FORMATS = 128;

    private static final int MAX_PORT = 65_535;
    private static final int FIXED_M_LINE_FIELDS = 3;

    // Given.
    private final String text;

    // State.
    private final List<SdpLine> sessionLines = new ArrayList<>();
    private final List<MediaDescription> sections = new ArrayList<>();
    private List<SdpLine> current = sessionLines;
    private int lineCount;
    private int candidateCount;

    SdpParser(String text) {
        this.text = text;
    }

    SessionDescription parse() {
        if (text.length() > MAX_CHARS) {
            throw new SdpException("the description is longer than " + MAX_CHARS + " characters");
        }
        int start = 0;
        int stop = endOfLastLine();
        while (start < stop) {
            int lineFeed = text.indexOf('\n', start);
            int next = lineFeed < 0 ? text.length() : lineFeed;
            // RFC 8866 §5: lines end with CRLF, but parsers should also accept LF.
            int end = next > start && text.charAt(next - 1) == '\r' ? next - 1 : next;
            readLine(start, end);
            start = next + 1;
        }
        checkSession();
        return new SessionDescription(sessionLines, sections);
    }

    /** Many a template ends in a blank line. */
    private int endOfLastLine() {
        int end = text.length();
        while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == '\r')) {
            end--;
        }
        return end;
    }

    private void readLine(int start, int end) {
        lineCount++;
        if (lineCount > MAX_LINES) {
            throw new SdpException("the description has more than " + MAX_LINES + " lines");
        }
        if (end - start > MAX_LINE_CHARS) {
            throw error("is longer than " + MAX_LINE_CHARS + " characters");
        }
        if (end - start < 2 || text.charAt(start + 1) != '=' || !isType(text.charAt(start))) {
            throw error("is not of the form type=value");
        }
        for (int i = start + 2; i < end; i++) {
            char c = text.charAt(i);
            if ((c < 0x20 && c != '\t') || c == 0x7F) {
                throw error("has a control character");
            }
        }
        addLine(new SdpLine(text.charAt(start), text.substring(start + 2, end)));
    }

    private static boolean isType(char c) {
        return c >= 'a' && c <= 'z';
    }

    private void addLine(SdpLine line) {
        if (lineCount == 1 && !(line.type() == 'v' && line.value().equals("0"))) {
            throw new SdpException("the description does not begin with v=0");
        }
        if (line.type() == 'm') {
            startSection(line.value());
            return;
        }
        if (line.isAttribute("candidate") && ++candidateCount > MAX_CANDIDATES) {
            throw new SdpException("the description has more than " + MAX_CANDIDATES + " candidates");
        }
        int maxLines = sections.isEmpty() ? MAX_SESSION_LINES : MAX_SECTION_LINES;
        if (current.size() == maxLines) {
            throw error("is one too many: at most " + maxLines + " are allowed here");
        }
        current.add(line);
    }

    private void startSection(String value) {
        if (sections.size() == MAX_SECTIONS) {
            throw new SdpException("the description has more than " + MAX_SECTIONS + " m-lines");
        }
        closeSection();
        List<String> fields = Tokens.split(value, ' ', MAX_FORMATS + FIXED_M_LINE_FIELDS, "m-line " + sections.size());
        if (fields.size() <= FIXED_M_LINE_FIELDS) {
            throw error("is an m-line with too few fields");
        }
        int port = (int) Tokens.number(fields.get(1), MAX_PORT, "port of m-line " + sections.size());
        current = new ArrayList<>();
        sections.add(new MediaDescription(
                fields.get(0), port, fields.get(2), fields.subList(FIXED_M_LINE_FIELDS, fields.size()), List.of()));
    }

    /** Gives the section that was being read its lines. */
    private void closeSection() {
        if (!sections.isEmpty()) {
            MediaDescription open = sections.remove(sections.size() - 1);
            sections.add(new MediaDescription(open.media(), open.port(), open.protocol(), open.formats(), current));
        }
    }

    private void checkSession() {
        closeSection();
        if (sessionLines.isEmpty()) {
            throw new SdpException("the description is empty");
        }
        if (sessionLines.stream().noneMatch(line -> line.type() == 'o')) {
            throw new SdpException("the description has no o-line");
        }
    }

    private SdpException error(String what) {
        return new SdpException("line " + lineCount + " " + what);
    }
}
