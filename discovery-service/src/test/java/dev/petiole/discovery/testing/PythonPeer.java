package dev.petiole.discovery.testing;

import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.opentest4j.TestAbortedException;

/// A Python with packages that speak a protocol, so that our handlers meet another stack than their own.
///
/// The packages are installed below `target/peers` by the first test that needs them. Where that can't be done the
/// test is skipped, or fails with `-Dpetiole.test.peers=required`.
public final class PythonPeer {

    private static final Path HOME = Path.of("target", "peers").toAbsolutePath();

    private PythonPeer() {}

    /// @param packages as pip takes them
    /// @return the interpreter
    public static synchronized String with(String... packages) throws InterruptedException, IOException {
        Path python = HOME.resolve("bin").resolve("python");
        if (!Files.exists(python) && !isDone("python3", "-m", "venv", HOME.toString())) {
            throw absent("no Python 3 with venv here (Debian: apt-get install python3-venv)");
        }
        for (String name : packages) {
            Path mark = HOME.resolve(name);
            if (!Files.exists(mark)) {
                if (!isDone(python.toString(), "-m", "pip", "install", "-q", name)) {
                    throw absent("the package " + name + " can't be installed here");
                }
                Files.createFile(mark);
            }
        }
        return python.toString();
    }

    private static TestAbortedException absent(String what) {
        if ("required".equals(System.getProperty("petiole.test.peers"))) {
            fail(what);
        }
        return new TestAbortedException(what);
    }

    private static boolean isDone(String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(3, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException _) {
            return false;
        }
    }
}
