package dev.petiole.e2e.process;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// A program to run to its end, within a limit of time. Immutable.
public final class Command {

    private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(2);

    private final List<String> words;
    private final Map<String, String> environment;
    private final String input;
    private final Duration limit;
    private final Consumer<String> listener;

    private Command(
            List<String> words,
            Map<String, String> environment,
            String input,
            Duration limit,
            Consumer<String> listener) {
        this.words = List.copyOf(words);
        this.environment = Map.copyOf(environment);
        this.input = input;
        this.limit = limit;
        this.listener = listener;
    }

    public static Command of(String... words) {
        return of(List.of(words));
    }

    public static Command of(List<String> words) {
        return new Command(words, Map.of(), "", DEFAULT_LIMIT, _ -> {});
    }

    public Command with(String... moreWords) {
        var all = new ArrayList<>(words);
        all.addAll(List.of(moreWords));
        return new Command(all, environment, input, limit, listener);
    }

    public Command withEnvironment(String name, String value) {
        var all = new TreeMap<>(environment);
        all.put(name, value);
        return new Command(words, all, input, limit, listener);
    }

    public Command withInput(String text) {
        return new Command(words, environment, text, limit, listener);
    }

    public Command withLimit(Duration newLimit) {
        return new Command(words, environment, input, newLimit, listener);
    }

    /// Hands each line of standard error to `newListener` as it is written, for programs that report progress there.
    public Command reportingTo(Consumer<String> newListener) {
        return new Command(words, environment, input, limit, newListener);
    }

    /// Runs it. A program that fails is a [Result]; one that cannot be started or passes the limit is a
    /// [CommandFailed].
    public Result run() {
        try {
            Process process = builder().start();
            try {
                return finish(process);
            } finally {
                end(process);
            }
        } catch (IOException e) {
            throw new CommandFailed("%s: cannot be run".formatted(String.join(" ", words)), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandFailed("%s: interrupted".formatted(String.join(" ", words)), e);
        }
    }

    private Result finish(Process process) throws InterruptedException, IOException {
        var output = new StringBuilder();
        var error = new StringBuilder();
        Thread outputReader =
                Thread.ofVirtual().name("stdout").start(() -> read(process.inputReader(), output, _ -> {}));
        Thread errorReader =
                Thread.ofVirtual().name("stderr").start(() -> read(process.errorReader(), error, listener));
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            // The program closed its input early: its exit code tells whether that is a failure.
        }
        if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new CommandFailed("%s: still running after %s".formatted(String.join(" ", words), limit));
        }
        // A grandchild may hold the pipes open; what the program itself wrote is there by now.
        outputReader.join(Duration.ofSeconds(5));
        errorReader.join(Duration.ofSeconds(5));
        synchronized (output) {
            synchronized (error) {
                return new Result(words, process.exitValue(), output.toString(), error.toString());
            }
        }
    }

    private static void read(BufferedReader reader, StringBuilder text, Consumer<String> listener) {
        try (reader) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                synchronized (text) {
                    text.append(line).append('\n');
                }
                listener.accept(line);
            }
        } catch (IOException _) {
            // The process was ended while it wrote.
        }
    }

    private static void end(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private ProcessBuilder builder() {
        var builder = new ProcessBuilder(words);
        builder.environment().putAll(environment);
        return builder;
    }

    /// The first executable of this name on the PATH.
    public static java.util.Optional<Path> findExecutable(String name) {
        String path = System.getenv().getOrDefault("PATH", "");
        for (String directory : path.split(java.io.File.pathSeparator, -1)) {
            Path candidate = Path.of(directory.isEmpty() ? "." : directory, name);
            if (java.nio.file.Files.isExecutable(candidate)) {
                return java.util.Optional.of(candidate);
            }
        }
        return java.util.Optional.empty();
    }
}
