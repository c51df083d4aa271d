package dev.petiole.discovery.onvif;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/// What of a stranger's text is fit for the environment of a container and for a message.
final class Text {

    static final int MAX_LENGTH = 256;

    private Text() {}

    /// @return the text on one line without control characters, cut to a sensible length
    static String printable(String text) {
        var kept = new StringBuilder();
        text.codePoints()
                .limit(4L * MAX_LENGTH)
                .map(c -> Character.isWhitespace(c) ? ' ' : c)
                .filter(Text::isPrintable)
                .limit(MAX_LENGTH)
                .forEach(kept::appendCodePoint);
        return kept.toString().strip();
    }

    /// RFC 3986 §2.1. What is not rightly encoded stays as it is.
    static String percentDecoded(String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return text;
        }
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
