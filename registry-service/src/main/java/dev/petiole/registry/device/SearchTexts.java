package dev.petiole.registry.device;

import dev.petiole.registry.query.Term;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The texts by which devices are found: labels and properties exactly, and all words whatever their case.
final class SearchTexts {

    private static final char PROPERTY = '\u0001';
    private static final char LABEL = '\u0002';
    private static final char END = '\u0003';
    private static final char VALUE = '\u0004';
    // Neither our marks nor a character that PostgreSQL has none of can be part of what is searched.
    private static final Pattern MARKS = Pattern.compile("[\\x00-\\x04]");

    private SearchTexts() {}

    static String terms(DeviceRecord device) {
        var terms = new StringBuilder();
        append(terms, PROPERTY, device.properties());
        append(terms, LABEL, device.labels());
        return terms.toString();
    }

    static String words(DeviceRecord device) {
        var words = new StringBuilder();
        words.append(device.name()).append('\n').append(device.identity());
        append(words, '\n', device.properties());
        append(words, '\n', device.labels());
        return word(words.toString());
    }

    static String label(Term term) {
        return term(LABEL, term.key(), term.value());
    }

    static String property(Term term) {
        return term(PROPERTY, term.key(), term.value());
    }

    static String word(String text) {
        return clean(text).toLowerCase(Locale.ROOT);
    }

    /// @return the value of a label or property in such terms; null if it has none
    static @Nullable String value(String terms, String beginning) {
        int from = terms.indexOf(beginning);
        return from < 0
                ? null
                : terms.substring(from + beginning.length(), terms.indexOf(END, from + beginning.length()));
    }

    private static void append(StringBuilder texts, char mark, Map<String, String> values) {
        new TreeMap<>(values).forEach((key, value) -> texts.append(term(mark, key, value)));
    }

    private static String term(char mark, String key, @Nullable String value) {
        String beginning = mark + clean(key) + VALUE;
        return value == null ? beginning : beginning + clean(value) + END;
    }

    private static String clean(String text) {
        return MARKS.matcher(text).replaceAll("");
    }
}
