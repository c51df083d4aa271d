package dev.petiole.discovery.udev;

import java.util.List;

/// A pattern of udev: alternatives between `|`, each with the wildcards `*`, `?` and `[…]` of fnmatch(3) without
/// flags, so that `*` passes over `/` too. An alternative without wildcards is compared as it is.
record Glob(String pattern, List<String> alternatives) {

    Glob {
        alternatives = List.copyOf(alternatives);
    }

    static Glob of(String pattern) {
        return new Glob(pattern, List.of(pattern.split("\\|", -1)));
    }

    boolean matches(String text) {
        return alternatives.stream()
                .anyMatch(alternative ->
                        hasWildcard(alternative) ? matches(alternative, text) : alternative.equals(text));
    }

    /// Whether trailing white space of a value counts.
    boolean endsWithBlank() {
        return !pattern.isEmpty() && Character.isWhitespace(pattern.charAt(pattern.length() - 1));
    }

    private static boolean hasWildcard(String alternative) {
        return alternative.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
    }

    /// Goes back to the last `*` alone when stuck, so that no pattern costs more than its length times the text's.
    private static boolean matches(String glob, String text) {
        int g = 0;
        int t = 0;
        int star = -1;
        int starText = 0;
        while (t < text.length()) {
            int next = g < glob.length() && glob.charAt(g) != '*' ? matchOne(glob, g, text.charAt(t)) : -1;
            if (next > 0) {
                g = next;
                t++;
            } else if (g < glob.length() && glob.charAt(g) == '*') {
                star = g++;
                starText = t;
            } else if (star >= 0) {
                g = star + 1;
                t = ++starText;
            } else {
                return false;
            }
        }
        while (g < glob.length() && glob.charAt(g) == '*') {
            g++;
        }
        return g == glob.length();
    }

    /// @return the position behind the element at `at` if it matches the character, else -1
    private static int matchOne(String glob, int at, char c) {
        char element = glob.charAt(at);
        if (element == '?') {
            return at + 1;
        }
        if (element == '[') {
            int end = endOfSet(glob, at);
            if (end > 0) {
                return isInSet(glob.substring(at + 1, end), c) ? end + 1 : -1;
            }
        }
        if (element == '\\' && at + 1 < glob.length()) {
            return glob.charAt(at + 1) == c ? at + 2 : -1;
        }
        return element == c ? at + 1 : -1;
    }

    /// @return the position of the bracket that closes the set, or -1 if none does; `]` as the first member stands for
    /// itself
    private static int endOfSet(String glob, int open) {
        int first = open + 1;
        if (first < glob.length() && isNegation(glob.charAt(first))) {
            first++;
        }
        return glob.indexOf(']', first + 1);
    }

    private static boolean isInSet(String set, char c) {
        boolean isNegated = isNegation(set.charAt(0));
        int i = isNegated ? 1 : 0;
        boolean isMember = false;
        while (i < set.length()) {
            if (i + 2 < set.length() && set.charAt(i + 1) == '-') {
                isMember |= set.charAt(i) <= c && c <= set.charAt(i + 2);
                i += 3;
            } else {
                isMember |= set.charAt(i) == c;
                i++;
            }
        }
        return isMember != isNegated;
    }

    private static boolean isNegation(char c) {
        return c == '!' || c == '^';
    }
}
