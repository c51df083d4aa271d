package dev.petiole.discovery.onvif;

import dev.petiole.api.configuration.DiscoveryReason;
import dev.petiole.discovery.handler.Warning;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The UDP sockets of one discovery. For one thread, but for [#wakeUp()].
final class DiscoverySockets implements AutoCloseable {

    /* Probes go out of one socket per family, by each interface in turn; answers come back to it. Hello and Bye are heard by
     * one socket per interface and family that is bound to the multicast group itself, not to all addresses: so it takes no
     * packet away from another program of the node that uses the port.
     */

    private static final int MAX_MESSAGE_BYTES = 64 * 1024;
    private static final int MAX_MESSAGES_AT_ONCE = 64;
    private static final int RECEIVE_BUFFER_BYTES = 1024 * 1024;
    private static final byte[] GROUP_V4 = {(byte) 239, (byte) 255, (byte) 255, (byte) 250};
    private static final byte[] GROUP_V6 = {(byte) 0xFF, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xC};

    private final OnvifNetwork network;
    private final Selector selector;
    private final DatagramChannel probesV4;
    private final @Nullable DatagramChannel probesV6;
    private final Map<Place, DatagramChannel> announcements = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_MESSAGE_BYTES);
    private List<Place> places = List.of();
    private Set<Warning> warnings = Set.of();

    /// A message as it arrived.
    record Datagram(byte[] bytes, InetAddress from) {}

    /// An interface, as one family has it.
    private record Place(NetworkInterface at, boolean isV6) {

        ProtocolFamily family() {
            return isV6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
        }

        InetAddress group() {
            try {
                return isV6 ? Inet6Address.getByAddress(null, GROUP_V6, at) : InetAddress.getByAddress(GROUP_V4);
            } catch (UnknownHostException e) {
                throw new IllegalStateException("an address has 4 or 16 bytes", e);
            }
        }
    }

    private DiscoverySockets(
            OnvifNetwork network, Selector selector, DatagramChannel probesV4, @Nullable DatagramChannel probesV6) {
        this.network = network;
        this.selector = selector;
        this.probesV4 = probesV4;
        this.probesV6 = probesV6;
    }

    static DiscoverySockets open(OnvifNetwork network) throws IOException {
        Selector selector = Selector.open();
        var opened = new ArrayList<AutoCloseable>(List.of(selector));
        try {
            DatagramChannel v4 = probes(selector, StandardProtocolFamily.INET);
            opened.add(v4);
            return new DiscoverySockets(network, selector, v4, probesV6(selector));
        } catch (IOException | RuntimeException e) {
            for (AutoCloseable it : opened) {
                closeQuietly(it);
            }
            throw e;
        }
    }

    /// Looks which interfaces there are now.
    void refresh() throws IOException {
        var found = new ArrayList<Place>();
        for (NetworkInterface at : network.interfaces().list()) {
            if (OnvifNetwork.has(at, Inet4Address.class)) {
                found.add(new Place(at, false));
            }
            if (probesV6 != null && OnvifNetwork.has(at, Inet6Address.class)) {
                found.add(new Place(at, true));
            }
        }
        places = List.copyOf(found);
        var problems = new LinkedHashSet<Warning>();
        if (places.isEmpty()) {
            problems.add(new Warning(
                    DiscoveryReason.MULTICAST_UNAVAILABLE,
                    "this node has no network interface for multicast, so only given addresses are asked."));
        }
        listen(problems);
        warnings = problems;
    }

    List<Warning> warnings() {
        return List.copyOf(warnings);
    }

    /// Sends by each interface. One that fails is passed over: it may have gone, or not be connected.
    void multicast(byte[] message) {
        for (Place place : places) {
            DatagramChannel channel = place.isV6() ? probesV6 : probesV4;
            if (channel == null) {
                continue;
            }
            try {
                channel.setOption(StandardSocketOptions.IP_MULTICAST_IF, place.at());
                channel.send(ByteBuffer.wrap(message), new InetSocketAddress(place.group(), network.port()));
            } catch (IOException _) {
                // The next round looks again.
            }
        }
    }

    void unicast(byte[] message, InetAddress to) {
        DatagramChannel channel = to instanceof Inet6Address ? probesV6 : probesV4;
        if (channel == null) {
            return;
        }
        try {
            channel.send(ByteBuffer.wrap(message), new InetSocketAddress(to, network.port()));
        } catch (IOException _) {
            // No route there now: that is what asking is to find out.
        }
    }

    /// Waits until something arrives, or it is woken up, or the time is over; then hands over all there is.
    void receive(Duration atMost, Consumer<Datagram> receiver) throws IOException, InterruptedException {
        selector.select(Math.max(1, atMost.toMillis()));
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        try {
            for (SelectionKey key : selector.selectedKeys()) {
                receive(key, receiver);
            }
        } catch (ClosedByInterruptException _) {
            boolean _ = Thread.interrupted();
            throw new InterruptedException();
        } finally {
            selector.selectedKeys().clear();
        }
    }

    /// Ends a wait of [#receive] or the next one.
    void wakeUp() {
        selector.wakeup();
    }

    @Override
    public void close() {
        announcements.values().forEach(DiscoverySockets::closeQuietly);
        closeQuietly(probesV4);
        if (probesV6 != null) {
            closeQuietly(probesV6);
        }
        closeQuietly(selector);
    }

    private void receive(SelectionKey key, Consumer<Datagram> receiver) throws IOException {
        if (!(key.isValid() && key.channel() instanceof DatagramChannel channel)) {
            return;
        }
        for (int i = 0; i < MAX_MESSAGES_AT_ONCE; i++) {
            buffer.clear();
            @Nullable SocketAddress from;
            try {
                from = channel.receive(buffer);
            } catch (ClosedByInterruptException e) {
                throw e;
            } catch (IOException e) {
                if (!announcements.values().remove(channel)) {
                    throw e;
                }
                closeQuietly(channel);
                return;
            }
            if (!(from instanceof InetSocketAddress sender)) {
                return;
            }
            var bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
            receiver.accept(new Datagram(bytes, sender.getAddress()));
        }
    }

    private void listen(Set<Warning> problems) {
        Set<Place> wanted = new HashSet<>(places);
        announcements.entrySet().removeIf(entry -> {
            boolean isGone = !wanted.contains(entry.getKey());
            if (isGone) {
                closeQuietly(entry.getValue());
            }
            return isGone;
        });
        for (Place place : places) {
            if (!announcements.containsKey(place)) {
                try {
                    announcements.put(place, listener(place));
                } catch (IOException e) {
                    problems.add(new Warning(
                            DiscoveryReason.MULTICAST_UNAVAILABLE,
                            "Hello and Bye are not heard (%s, UDP port %d: %s), so changes are noticed by probes alone."
                                    .formatted(place.at().getName(), network.port(), e.getMessage())));
                }
            }
        }
    }

    private DatagramChannel listener(Place place) throws IOException {
        DatagramChannel channel = DatagramChannel.open(place.family());
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            if (channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT)) {
                channel.setOption(StandardSocketOptions.SO_REUSEPORT, true);
            }
            channel.bind(new InetSocketAddress(place.group(), network.port()));
            channel.join(place.group(), place.at());
            return register(channel, selector);
        } catch (IOException | RuntimeException e) {
            closeQuietly(channel);
            throw e;
        }
    }

    private static DatagramChannel probes(Selector selector, ProtocolFamily family) throws IOException {
        DatagramChannel channel = DatagramChannel.open(family);
        try {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            channel.bind(null);
            return register(channel, selector);
        } catch (IOException | RuntimeException e) {
            closeQuietly(channel);
            throw e;
        }
    }

    /// @return null on a node without IPv6
    private static @Nullable DatagramChannel probesV6(Selector selector) {
        try {
            return probes(selector, StandardProtocolFamily.INET6);
        } catch (IOException | UnsupportedOperationException _) {
            return null;
        }
    }

    private static DatagramChannel register(DatagramChannel channel, Selector selector) throws IOException {
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_READ);
        return channel;
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception _) {
            // Nothing more can be done about it.
        }
    }
}
