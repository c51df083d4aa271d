package dev.petiole.discovery.opcua;

import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.Warning;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Listens to what OPC UA servers announce by multicast DNS over IPv4, on all network interfaces, and asks now and
/// then.
final class MulticastDns implements UrlSource {

    /* RFC 6762 §5.2: questions at ever longer intervals, since servers announce themselves when they come and go. The port is
     * shared with other programs of the node, such as Avahi; all of them get what is sent to the group.
     */

    private static final int PORT = 5353;
    private static final Duration FIRST_LOOK = Duration.ofMillis(1500);
    private static final Duration FIRST_INTERVAL = Duration.ofSeconds(1);
    private static final Duration LONGEST_INTERVAL = Duration.ofMinutes(1);
    private static final int MAX_INTERFACES = 32;

    private final Predicate<NetworkInterface> isUsed;
    private final Clock clock;
    private final Sockets sockets;
    private final AnnouncedServers servers = new AnnouncedServers();

    /// @param isUsed which interfaces to use
    MulticastDns(Predicate<NetworkInterface> isUsed, Clock clock) {
        this(isUsed, clock, MulticastDns::open);
    }

    MulticastDns(Predicate<NetworkInterface> isUsed, Clock clock, Sockets sockets) {
        this.isUsed = isUsed;
        this.clock = clock;
        this.sockets = sockets;
    }

    /// Opens a channel that is bound to the port.
    @FunctionalInterface
    interface Sockets {
        DatagramChannel open() throws IOException;
    }

    /// Those that have a multicast address of IPv4 and are no loopback.
    static boolean isUsual(NetworkInterface at) {
        try {
            return at.isUp() && at.supportsMulticast() && !at.isLoopback();
        } catch (SocketException _) {
            return false;
        }
    }

    /// Goes on until interrupted: what fails is tried again, since a node's network comes and goes.
    @Override
    public void run(Consumer<Find> finds) throws InterruptedException {
        for (Duration pause = FIRST_INTERVAL; ; pause = longer(pause)) {
            try (Selector selector = Selector.open();
                    DatagramChannel channel = sockets.open()) {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
                listen(selector, channel, finds);
            } catch (ClosedByInterruptException _) {
                boolean _ = Thread.interrupted();
                throw new InterruptedException();
            } catch (IOException e) {
                finds.accept(new Find(servers.urls(clock.instant()), Set.of(), List.of(unavailable(e))));
            }
            boolean _ = new CountDownLatch(1).await(pause.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static DatagramChannel open() throws IOException {
        DatagramChannel channel = DatagramChannel.open(StandardProtocolFamily.INET);
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            channel.bind(new InetSocketAddress(PORT));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static Warning unavailable(IOException e) {
        return new Warning(
                DiscoveryReason.MULTICAST_UNAVAILABLE,
                "multicast DNS can't be heard (UDP port %d: %s), so only given addresses are asked until it can."
                        .formatted(PORT, e.getMessage()));
    }

    private static Duration longer(Duration interval) {
        Duration twice = interval.multipliedBy(2);
        return twice.compareTo(LONGEST_INTERVAL) < 0 ? twice : LONGEST_INTERVAL;
    }

    private void listen(Selector selector, DatagramChannel channel, Consumer<Find> finds)
            throws IOException, InterruptedException {
        var joined = new HashSet<String>();
        ByteBuffer buffer = ByteBuffer.allocate(DnsMessage.MAX_BYTES);
        Instant firstReport = clock.instant().plus(FIRST_LOOK);
        Duration interval = FIRST_INTERVAL;
        Instant nextQuestion = clock.instant();
        @Nullable Set<DiscoveryUrl> reported = null;
        while (true) {
            Instant now = clock.instant();
            if (!now.isBefore(nextQuestion)) {
                ask(channel, joined);
                nextQuestion = now.plus(interval);
                interval = longer(interval);
            }
            Set<DiscoveryUrl> urls = servers.urls(now);
            if (!now.isBefore(firstReport)) {
                Set<DiscoveryUrl> fresh = servers.takeFresh();
                if (!urls.equals(reported) || !fresh.isEmpty()) {
                    finds.accept(new Find(urls, fresh, List.of()));
                    reported = urls;
                }
            }
            Instant wake = reported == null && firstReport.isBefore(nextQuestion) ? firstReport : nextQuestion;
            selector.select(Math.max(1, Duration.between(clock.instant(), wake).toMillis()));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            selector.selectedKeys().clear();
            receive(channel, buffer);
        }
    }

    private void receive(DatagramChannel channel, ByteBuffer buffer) throws IOException {
        for (buffer.clear(); channel.receive(buffer) instanceof InetSocketAddress sender; buffer.clear()) {
            var bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
            // RFC 6762 §11: answers come from the port itself.
            if (sender.getPort() == PORT) {
                DnsMessage.parse(bytes)
                        .ifPresent(message -> servers.hear(message, sender.getAddress(), clock.instant()));
            }
        }
    }

    /// By each interface there is now. One that fails is passed over: it may have gone.
    private void ask(DatagramChannel channel, Set<String> joined) throws IOException {
        byte[] question = DnsMessage.question(AnnouncedServers.TYPE);
        List<NetworkInterface> interfaces = NetworkInterface.networkInterfaces()
                .filter(isUsed)
                .filter(at -> at.inetAddresses().anyMatch(Inet4Address.class::isInstance))
                .limit(MAX_INTERFACES)
                .toList();
        joined.retainAll(interfaces.stream().map(MulticastDns::key).toList());
        for (NetworkInterface at : interfaces) {
            try {
                if (joined.add(key(at))) {
                    channel.join(group(), at);
                }
                channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, at);
                channel.send(ByteBuffer.wrap(question), new InetSocketAddress(group(), PORT));
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException _) {
                joined.remove(key(at));
            }
        }
    }

    private static String key(NetworkInterface at) {
        return at.getName() + "#" + at.getIndex();
    }

    private static InetAddress group() throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {(byte) 224, 0, 0, (byte) 251});
    }
}
