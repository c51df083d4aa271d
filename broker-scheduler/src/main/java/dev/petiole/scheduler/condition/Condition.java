package dev.petiole.scheduler.condition;

/// One aspect of an object's state, as the Kubernetes API conventions define it.
///
/// @param type what it is about, see [ConditionType]
/// @param reason CamelCase and of few values, for programs, see [Reason]
/// @param message a sentence for people
public record Condition(String type, Status status, String reason, String message) {

    /// The longest message that is written; what is beyond helps nobody.
    private static final int MAX_MESSAGE = 1024;

    public Condition {
        message = message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 1) + "…";
    }

    /// Whether the aspect is as it should be.
    public enum Status {
        TRUE("True"),
        FALSE("False"),
        UNKNOWN("Unknown");

        private final String text;

        Status(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    public static Condition isTrue(String type, String reason, String message) {
        return new Condition(type, Status.TRUE, reason, message);
    }

    public static Condition isFalse(String type, String reason, String message) {
        return new Condition(type, Status.FALSE, reason, message);
    }

    public static Condition isUnknown(String type, String reason, String message) {
        return new Condition(type, Status.UNKNOWN, reason, message);
    }

    public boolean isTrue() {
        return status == Status.TRUE;
    }
}
