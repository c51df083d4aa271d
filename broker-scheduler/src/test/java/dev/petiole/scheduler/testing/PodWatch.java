package dev.petiole.scheduler.testing;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.petiole.scheduler.kubernetes.Json;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import okhttp3.Call;
import okhttp3.Response;

/// When the first Pod of each Instance was seen by a watch: one request, where lists in a row would take the processor
/// from what is measured. The API server ends the watch of a reader that is too slow; the next one begins with all
/// that are there.
public final class PodWatch implements AutoCloseable {

    private final Supplier<Call> calls;
    private final Map<String, Long> seenAt = new ConcurrentHashMap<>();
    private volatile boolean isClosed;
    private volatile Call call;

    PodWatch(Supplier<Call> calls) {
        this.calls = calls;
        this.call = calls.get();
        Thread.ofVirtual().name("pod-watch").start(this::read);
    }

    /// Waits for the broker of an Instance.
    ///
    /// @return the value of `System.nanoTime` when it was seen
    public long await(String instance) throws InterruptedException {
        while (true) {
            Long at = seenAt.get(instance);
            if (at != null) {
                return at;
            }
            TimeUnit.MILLISECONDS.sleep(1);
        }
    }

    /// @return for how many Instances there was a Pod
    public int count() {
        return seenAt.size();
    }

    @Override
    public void close() {
        isClosed = true;
        call.cancel();
    }

    private void read() {
        while (!isClosed) {
            readOnce();
            call = calls.get();
        }
    }

    private void readOnce() {
        try (Response response = call.execute()) {
            var source = response.body().source();
            for (String line = source.readUtf8Line(); line != null; line = source.readUtf8Line()) {
                long now = System.nanoTime();
                JsonObject event = JsonParser.parseString(line).getAsJsonObject();
                String instance = Json.text(event, "object", "metadata", "labels", "petiole.dev/instance");
                if (!instance.isEmpty()) {
                    seenAt.putIfAbsent(instance, now);
                }
            }
        } catch (IOException e) {
            System.getLogger("pod-watch").log(System.Logger.Level.DEBUG, "watch ended", e);
        }
    }
}
