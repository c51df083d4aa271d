package dev.petiole.e2e.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// A process that outlives this JVM: it runs in a session of its own and is known by a file with its id and start
/// time, so that a recycled id is never taken for it.
public final class Background {

    private final Path record;

    public Background(Path record) {
        this.record = record;
    }

    /// Starts it with its output in `log`. One that runs already is ended first.
    public void start(List<String> command, Path log) {
        end();
        var words = new ArrayList<String>();
        words.add("setsid");
        words.addAll(command);
        try {
            Files.createDirectories(record.toAbsolutePath().getParent());
            Process process = new ProcessBuilder(words)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            String start = process.info().startInstant().map(Instant::toString).orElse("");
            Files.writeString(record, process.pid() + " " + start);
        } catch (IOException e) {
            throw new CommandFailed("%s: cannot be run".formatted(String.join(" ", command)), e);
        }
    }

    public boolean isRunning() {
        return find().isPresent();
    }

    /// Ends it and what it started; does nothing if it does not run.
    public void end() {
        find().ifPresent(Background::end);
        try {
            Files.deleteIfExists(record);
        } catch (IOException e) {
            throw new CommandFailed("%s: cannot be removed".formatted(record), e);
        }
    }

    private static void end(ProcessHandle process) {
        // The parent first: a restarting loop must not replace a child that was just ended.
        List<ProcessHandle> all =
                Stream.concat(Stream.of(process), process.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        for (ProcessHandle each : all) {
            awaitEnd(each);
        }
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(Duration.ofSeconds(5).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new CommandFailed("%d: does not end".formatted(process.pid()), e);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<ProcessHandle> find() {
        if (!Files.exists(record)) {
            return Optional.empty();
        }
        try {
            String[] parts = Files.readString(record).strip().split(" ", 2);
            return ProcessHandle.of(Long.parseLong(parts[0]))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> process.info()
                            .startInstant()
                            .map(Instant::toString)
                            .equals(Optional.of(parts.length > 1 ? parts[1] : "")));
        } catch (IOException | NumberFormatException _) {
            return Optional.empty();
        }
    }
}
