package dev.petiole.discovery.udev;

import dev.petiole.discovery.handler.InvalidDetails;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads a rule: comparisons separated by commas, such as `KERNEL=="video[0-9]*",
/// ENV{ID_V4L_CAPABILITIES}==":capture:"`.
///
/// Of udev's language it takes what finds a device. What acts on one (assignments, `RUN`, `SYMLINK`, …) is refused,
/// with the position, since it would otherwise silently do nothing.
final class RuleParser {

    /// Keys of udev(7) that say what to do, or need what is known only while udevd handles an event.
    private static final Set<String> OTHER_KEYS = Set.of(
            "ACTION",
            "CONST",
            "NAME",
            "PROGRAM",
            "RESULT",
            "SECLABEL",
            "SYMLINK",
            "SYSCTL",
            "TEST",
            "LABEL",
            "GOTO",
            "GROUP",
            "IMPORT",
            "OPTIONS",
            "OWNER",
            "MODE",
            "RUN",
            "WAIT_FOR");

    private static final int MAX_LENGTH = 4096;

    private final String field;
    private final String rule;
    private int position;

    private RuleParser(String field, String rule) {
        this.field = field;
        this.rule = rule;
    }

    /// @param field what to call the rule in a message
    /// @throws InvalidDetails naming the rule, the position (from 1) and what is wrong there
    static Rule parse(String field, String rule) {
        if (rule.isBlank()) {
            throw new InvalidDetails(field + ": empty (expected: a rule such as KERNEL==\"video[0-9]*\")");
        }
        if (rule.length() > MAX_LENGTH) {
            throw new InvalidDetails(
                    field + ": " + rule.length() + " characters (expected: at most " + MAX_LENGTH + ")");
        }
        return Rule.of(new RuleParser(field, rule).conditions());
    }

    private List<Condition> conditions() {
        var conditions = new ArrayList<Condition>();
        do {
            conditions.add(condition());
        } while (isNext(','));
        skipBlanks();
        if (position < rule.length()) {
            throw invalid(position, "'" + rule.charAt(position) + "' (expected: a comma or the end)");
        }
        return conditions;
    }

    private Condition condition() {
        Key key = key();
        String argument = argument(key);
        boolean isNegated = isNegatedOperator();
        return new Condition(key, argument, isNegated, Glob.of(value()));
    }

    private Key key() {
        skipBlanks();
        int start = position;
        while (position < rule.length() && isKeyCharacter(rule.charAt(position))) {
            position++;
        }
        String word = rule.substring(start, position);
        if (word.isEmpty()) {
            throw invalid(start, "no key (expected one of: " + keys() + ")");
        }
        Optional<Key> key = Arrays.stream(Key.values())
                .filter(candidate -> candidate.name().equals(word))
                .findFirst();
        return key.orElseThrow(() -> invalid(
                start,
                OTHER_KEYS.contains(word)
                        ? word + " does not tell one device from another and is not supported (supported: " + keys()
                                + ")"
                        : "unknown key '" + word + "' (supported: " + keys() + ")"));
    }

    private String argument(Key key) {
        int start = position;
        if (!isNext('{')) {
            if (key.takesArgument()) {
                throw invalid(start, key + " without a name (expected: " + key + "{name})");
            }
            return "";
        }
        if (!key.takesArgument()) {
            throw invalid(start, key + " takes no name in braces");
        }
        int end = rule.indexOf('}', position);
        if (end < 0) {
            throw invalid(start, "'{' is not closed");
        }
        String name = rule.substring(position, end).strip();
        if (name.isEmpty() || name.indexOf('"') >= 0) {
            throw invalid(position, "no name in braces (expected: " + key + "{name})");
        }
        position = end + 1;
        return name;
    }

    private boolean isNegatedOperator() {
        skipBlanks();
        int start = position;
        while (position < rule.length() && "=!+-:<>~".indexOf(rule.charAt(position)) >= 0) {
            position++;
        }
        return switch (rule.substring(start, position)) {
            case "==" -> false;
            case "!=" -> true;
            case "" -> throw invalid(start, "no operator (expected: == or !=)");
            case "=", "+=", "-=", ":=" ->
                throw invalid(
                        start,
                        "operator '" + rule.substring(start, position)
                                + "' assigns, which discovery does not (expected: == or !=)");
            default -> throw invalid(start, "operator '" + rule.substring(start, position) + "' (expected: == or !=)");
        };
    }

    private String value() {
        skipBlanks();
        int start = position;
        if (!isNext('"')) {
            throw invalid(start, "value without quotes (expected: \"value\")");
        }
        int end = rule.indexOf('"', position);
        if (end < 0) {
            throw invalid(start, "quotes are not closed");
        }
        String value = rule.substring(position, end);
        position = end + 1;
        return value;
    }

    private boolean isNext(char expected) {
        skipBlanks();
        if (position < rule.length() && rule.charAt(position) == expected) {
            position++;
            return true;
        }
        return false;
    }

    private void skipBlanks() {
        while (position < rule.length() && Character.isWhitespace(rule.charAt(position))) {
            position++;
        }
    }

    private InvalidDetails invalid(int at, String problem) {
        return new InvalidDetails(field + ": position " + (at + 1) + ": " + problem + " in rule: " + rule);
    }

    private static boolean isKeyCharacter(char c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_';
    }

    private static String keys() {
        return Arrays.stream(Key.values())
                .map(key -> key.takesArgument() ? key + "{name}" : key.name())
                .collect(Collectors.joining(", "));
    }
}
