package dev.petiole.e2e.process;

import java.util.List;

/// What a program that ended left behind.
public record Result(List<String> command, int exitCode, String output, String error) {

    public Result {
        command = List.copyOf(command);
    }

    public boolean isSuccess() {
        return exitCode == 0;
    }

    /// The output, or [CommandFailed] if the program failed.
    public String orThrow() {
        if (isSuccess()) {
            return output;
        }
        throw new CommandFailed(
                "%s: exit code %d: %s".formatted(String.join(" ", command), exitCode, (error + output).strip()));
    }
}
