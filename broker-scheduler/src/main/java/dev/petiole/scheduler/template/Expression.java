package dev.petiole.scheduler.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A text with values to be filled in:
///
/// ```
/// text       = { any | "{{" expression "}}" }
/// expression = ( name | string ) { "|" filter }
/// name       = word "." word [ "." word | "[" string "]" ]      such as device.properties.URL
/// filter     = "default" string | "lower" | "label" | "dnsLabel"
/// string     = '"' { any but '"' and '\' | '\"' | '\\' } '"'
/// ```
///
/// Only `{{` followed by `device.`, `configuration.`, `broker.` or a string begins an expression; all else is left as
/// it is, so that `{{PLACEHOLDER}}` and other languages' braces pass.
final class Expression {

    private static final Pattern BEGIN = Pattern.compile("\\{\\{\\s*(?=(?:device|configuration|broker)\\.|\")");
    private static final Pattern SPACE = Pattern.compile("\\s*");
    private static final Pattern WORD = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");
    private static final int MAX_LENGTH = 32_768;
    private static final int MAX_LABEL = 63;

    private final String text;
    private final Values values;
    private int at;

    private Expression(String text, Values values) {
        this.text = text;
        this.values = values;
    }

    /// @return whether there is anything to fill in
    static boolean isIn(String text) {
        return BEGIN.matcher(text).find();
    }

    /// What is done to each value before it is inserted.
    @FunctionalInterface
    interface Escape {
        String escape(String value);
    }

    /// @throws TemplateFault if the text is no such text, a value is missing, or the result is too long
    static String fill(String text, Values values, Escape escape) {
        var filled = new StringBuilder();
        var expression = new Expression(text, values);
        Matcher begin = BEGIN.matcher(text);
        int rest = 0;
        while (begin.find(rest)) {
            filled.append(text, rest, begin.start());
            expression.at = begin.end();
            filled.append(escape.escape(expression.value()));
            rest = expression.at;
            if (filled.length() > MAX_LENGTH) {
                throw new TemplateFault("too long when filled in (expected: at most " + MAX_LENGTH + " characters)");
            }
        }
        return filled.append(text, rest, text.length()).toString();
    }

    private String value() {
        Optional<String> value = peek() == '"' ? Optional.of(string()) : named();
        String name = text.substring(0, at);
        skipSpace();
        while (peek() == '|') {
            at++;
            skipSpace();
            value = filtered(word(), value);
            skipSpace();
        }
        if (!text.startsWith("}}", at)) {
            throw fault("'}}' or '|' and a filter");
        }
        at += 2;
        return value.orElseThrow(() -> new TemplateFault("the device has no value for "
                + name.substring(name.lastIndexOf('{') + 1).strip()
                + " (remedy: another name, or | default \"...\")"));
    }

    private Optional<String> named() {
        List<String> path = new ArrayList<>();
        path.add(word());
        while (peek() == '.') {
            at++;
            path.add(word());
        }
        if (peek() == '[') {
            at++;
            path.add(string());
            if (peek() != ']') {
                throw fault("']'");
            }
            at++;
        }
        return values.find(path);
    }

    private Optional<String> filtered(String filter, Optional<String> value) {
        return switch (filter) {
            case "default" -> {
                skipSpace();
                String other = string();
                yield Optional.of(value.filter(there -> !there.isEmpty()).orElse(other));
            }
            case "lower" -> value.map(there -> there.toLowerCase(Locale.ROOT));
            case "label" -> value.map(Expression::toLabel);
            case "dnsLabel" -> value.map(Expression::toDnsLabel);
            default ->
                throw new TemplateFault("no filter " + filter + " (expected: default, lower, label or dnsLabel)");
        };
    }

    /// A label's value: letters, digits, '-', '_' and '.', at most 63, a letter or digit at both ends.
    private static String toLabel(String value) {
        return trimmed(value.replaceAll("[^A-Za-z0-9_.-]", "-"), "[^A-Za-z0-9]");
    }

    private static String toDnsLabel(String value) {
        String label = trimmed(value.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9-]", "-"), "[^a-z0-9]");
        return label.isEmpty() ? "x" : label;
    }

    private static String trimmed(String value, String edge) {
        String begun = value.replaceFirst("^" + edge + "+", "");
        String cut = begun.substring(0, Math.min(begun.length(), MAX_LABEL));
        return cut.replaceFirst(edge + "+$", "");
    }

    private String word() {
        Matcher word = WORD.matcher(text).region(at, text.length());
        if (!word.lookingAt()) {
            throw fault("a name");
        }
        at = word.end();
        return word.group();
    }

    private String string() {
        if (peek() != '"') {
            throw fault("a text in double quotes");
        }
        var string = new StringBuilder();
        at++;
        while (peek() != '"') {
            if (peek() == '\\') {
                at++;
                if (peek() != '"' && peek() != '\\') {
                    throw fault("\\\" or \\\\");
                }
            }
            if (at >= text.length()) {
                throw fault("a closing double quote");
            }
            string.append(text.charAt(at));
            at++;
        }
        at++;
        return string.toString();
    }

    private void skipSpace() {
        Matcher space = SPACE.matcher(text).region(at, text.length());
        if (space.lookingAt()) {
            at = space.end();
        }
    }

    private char peek() {
        return at < text.length() ? text.charAt(at) : '\0';
    }

    private TemplateFault fault(String expected) {
        String rest = text.substring(Math.min(at, text.length()));
        return new TemplateFault("at character " + at + ", before '" + rest.substring(0, Math.min(rest.length(), 20))
                + "' (expected: " + expected + ")");
    }
}
