package dev.petiole.discovery.external;

import com.google.protobuf.ByteString;
import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.DiscoveredDevice;
import dev.petiole.discovery.handler.HandlerInput;
import dev.petiole.discovery.handler.Warning;
import dev.petiole.discovery.pace.Backoff;
import dev.petiole.proto.akri.ByteData;
import dev.petiole.proto.akri.DiscoverRequest;
import dev.petiole.proto.akri.DiscoverResponse;
import dev.petiole.proto.akri.DiscoveryHandlerGrpc;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One question to one endpoint, asked again whenever the answer ends. A virtual thread of its own reads one
/// list at a time, so that an endpoint which says too much has to wait.
final class EndpointStream implements AutoCloseable {

    private static final Duration FIRST_BACKOFF = Duration.ofMillis(200);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(30);
    private static final int MAX_MESSAGE = 300;

    private final Endpoint endpoint;
    private final DiscoverRequest request;
    private final DeviceLists lists;
    private final Clock clock;
    private final Backoff backoff;
    private final Runnable onChange;
    private final Semaphore bell = new Semaphore(0);
    private final Thread thread;
    private final int maxLists;

    // Guarded by `this`.
    private @Nullable List<DiscoveredDevice> devices;
    private @Nullable Warning trouble;
    private Instant since;
    private Instant registeredAt;
    private boolean isClosed;
    private boolean isWaiting;
    private boolean isConnected;

    /// @param onChange called when there is another list or trouble; it must only note that there is something
    ///     to do
    EndpointStream(
            Endpoint endpoint,
            HandlerInput input,
            ExternalHandlerProperties properties,
            Clock clock,
            RandomGenerator random,
            Runnable onChange) {
        this.endpoint = endpoint;
        this.request = request(input);
        this.lists = new DeviceLists(properties.maxDevices());
        this.maxLists = properties.maxListsPerTenSeconds();
        this.clock = clock;
        this.backoff = new Backoff(FIRST_BACKOFF, MAX_BACKOFF, random);
        this.onChange = onChange;
        this.since = clock.instant();
        this.registeredAt = endpoint.registeredAt();
        this.thread = Thread.ofVirtual()
                .name("discovery-external-" + endpoint.registration().name())
                .unstarted(this::run);
    }

    void start() {
        endpoint.use(1);
        thread.start();
    }

    String address() {
        return endpoint.address().text();
    }

    /// @return what it listed last, whether or not it can be heard now; null before the first list
    synchronized @Nullable List<DiscoveredDevice> devices() {
        return devices;
    }

    /// @return null while all is well
    synchronized @Nullable Warning trouble() {
        return trouble;
    }

    /// @return when it was asked
    synchronized Instant since() {
        return since;
    }

    /// If it has registered again, or is connected again, it is there: it is asked at once.
    void noteEndpoint() {
        Instant lastRegisteredAt = endpoint.registeredAt();
        boolean connected = endpoint.lostAt() == null;
        synchronized (this) {
            boolean isBack = !lastRegisteredAt.equals(registeredAt) || (connected && !isConnected);
            registeredAt = lastRegisteredAt;
            isConnected = connected;
            if (isBack && isWaiting) {
                bell.release();
            }
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        thread.interrupt();
        endpoint.use(-1);
        endpoint.troubled(null);
    }

    private void run() {
        try {
            while (!isClosed()) {
                askOnce();
                pause();
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void askOnce() {
        Context.CancellableContext context = Context.current().withCancellation();
        Context before = context.attach();
        try {
            synchronized (this) {
                since = clock.instant();
            }
            Iterator<DiscoverResponse> answers =
                    DiscoveryHandlerGrpc.newBlockingStub(endpoint.channel()).discover(request);
            read(answers);
            troubled(DiscoveryReason.HANDLER_UNREACHABLE, "ended its answer, and is asked again");
        } catch (StatusRuntimeException e) {
            failed(e.getStatus());
        } catch (MisbehavingHandler e) {
            troubled(DiscoveryReason.HANDLER_MISBEHAVES, String.valueOf(e.getMessage()));
        } finally {
            context.detach(before);
            // Ends the call, if it goes on.
            context.cancel(null);
        }
    }

    private void read(Iterator<DiscoverResponse> answers) {
        long windowBegin = System.nanoTime();
        int inWindow = 0;
        while (answers.hasNext()) {
            DiscoverResponse answer = answers.next();
            if (System.nanoTime() - windowBegin > TimeUnit.SECONDS.toNanos(10)) {
                windowBegin = System.nanoTime();
                inWindow = 0;
            }
            if (++inWindow > maxLists) {
                throw new MisbehavingHandler("sends more than " + maxLists + " lists of devices in 10 s");
            }
            listed(lists.read(answer));
        }
    }

    private void listed(List<DiscoveredDevice> list) {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            devices = list;
            trouble = null;
        }
        backoff.reset();
        endpoint.troubled(null);
        onChange.run();
    }

    private void failed(Status status) {
        String message = status.getDescription() == null ? "" : ": " + shortened(status.getDescription());
        switch (status.getCode()) {
            case INVALID_ARGUMENT ->
                troubled(DiscoveryReason.INVALID_DETAILS, "can't do what the details ask for" + message);
            case RESOURCE_EXHAUSTED -> troubled(DiscoveryReason.HANDLER_MISBEHAVES, "says too much at once" + message);
            case UNAVAILABLE -> troubled(DiscoveryReason.HANDLER_UNREACHABLE, "can't be reached" + message);
            default -> troubled(DiscoveryReason.HANDLER_FAILED, "failed (" + status.getCode() + ")" + message);
        }
    }

    private void troubled(String reason, String what) {
        synchronized (this) {
            if (isClosed) {
                return;
            }
            trouble = new Warning(
                    reason,
                    "external discovery handler '" + endpoint.registration().name() + "' at " + address() + " " + what
                            + (devices == null ? "" : "; its devices stay as they are"));
        }
        endpoint.troubled(reason.equals(DiscoveryReason.INVALID_DETAILS) ? null : "it " + what);
        onChange.run();
    }

    private void pause() throws InterruptedException {
        synchronized (this) {
            isWaiting = true;
        }
        endpoint.reconnect();
        boolean _ = bell.tryAcquire(backoff.next().toMillis(), TimeUnit.MILLISECONDS);
        synchronized (this) {
            isWaiting = false;
            bell.drainPermits();
        }
    }

    private synchronized boolean isClosed() {
        return isClosed;
    }

    private static String shortened(String text) {
        return text.length() <= MAX_MESSAGE ? text : text.substring(0, MAX_MESSAGE) + "…";
    }

    /// @return what the handler is asked, with values byte for byte
    static DiscoverRequest request(HandlerInput input) {
        DiscoverRequest.Builder request = DiscoverRequest.newBuilder().setDiscoveryDetails(input.details());
        input.properties()
                .keySet()
                .forEach(name -> request.putDiscoveryProperties(
                        name,
                        ByteData.newBuilder()
                                .setVec(ByteString.copyFrom(input.bytes(name)))
                                .build()));
        return request.build();
    }
}
