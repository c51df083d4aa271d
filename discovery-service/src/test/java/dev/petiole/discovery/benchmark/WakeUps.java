package dev.petiole.discovery.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/// How often a process that has little to do wakes up, as Linux counts it (`/proc/[pid]/task/[tid]/schedstat`).
///
/// @param time they were counted for
/// @param moments how often any of its threads was run after none had been for a hundredth of a second: what keeps a
/// processor from its sleep
/// @param threads how often each was run, by name and id
record WakeUps(Duration time, long moments, Map<String, Long> threads) {

    private static final Duration STEP = Duration.ofMillis(10);

    static WakeUps count(ProcessHandle process, Duration time) throws IOException {
        Path tasks = Path.of("/proc/" + process.pid() + "/task");
        Map<String, Long> first = countRuns(tasks);
        Map<String, Long> last = first;
        boolean wasAwake = true;
        long moments = 0;
        long end = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(STEP.toNanos());
            Map<String, Long> now = countRuns(tasks);
            boolean isAwake = !now.equals(last);
            if (isAwake && !wasAwake) {
                moments++;
            }
            wasAwake = isAwake;
            last = now;
        }
        return new WakeUps(time, moments, nameThreads(tasks, first, last));
    }

    double momentsASecond() {
        return aSecond(moments);
    }

    double switchesASecond() {
        return aSecond(threads.values().stream().mapToLong(Long::longValue).sum());
    }

    /// @return name and runs a second, the busiest first
    List<Map.Entry<String, Double>> busiest(int most) {
        return threads.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(most)
                .map(entry -> Map.entry(entry.getKey(), aSecond(entry.getValue())))
                .toList();
    }

    private double aSecond(long count) {
        return count * 1e9 / time.toNanos();
    }

    /// @return by the thread's id
    private static Map<String, Long> countRuns(Path tasks) throws IOException {
        var runs = new HashMap<String, Long>();
        try (Stream<Path> threads = Files.list(tasks)) {
            for (Path thread : threads.toList()) {
                try {
                    String[] fields = Files.readString(thread.resolve("schedstat"))
                            .strip()
                            .split(" ");
                    runs.put(thread.getFileName().toString(), Long.parseLong(fields[2]));
                } catch (NoSuchFileException _) {
                    // It has ended since it was listed, which is a change by itself.
                }
            }
        }
        return runs;
    }

    private static Map<String, Long> nameThreads(Path tasks, Map<String, Long> first, Map<String, Long> last)
            throws IOException {
        var named = new TreeMap<String, Long>();
        for (Map.Entry<String, Long> thread : last.entrySet()) {
            String id = thread.getKey();
            String name = Files.readString(tasks.resolve(id).resolve("comm")).strip();
            named.put(name + " " + id, thread.getValue() - first.getOrDefault(id, 0L));
        }
        return named;
    }
}
