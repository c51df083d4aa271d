package dev.petiole.discovery.udev;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/// A netlink socket on which the kernel, and udevd where it runs in this network namespace, announce changes of
/// devices.
///
/// One thread receives; any other may call [#interrupt()].
final class UeventSocket implements AutoCloseable {

    /* Linux, the same on all its architectures that Java 25 runs on. */
    private static final int AF_NETLINK = 16;
    private static final int NETLINK_KOBJECT_UEVENT = 15;
    private static final int SOCK_RAW = 3;
    private static final int SOCK_CLOEXEC = 0x80000;
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_RCVBUFFORCE = 33;
    private static final int MSG_DONTWAIT = 0x40;
    private static final int EFD_CLOEXEC = 0x80000;
    private static final short POLLIN = 1;

    private static final int KERNEL_GROUP = 1;
    private static final int UDEVD_GROUP = 2;

    private static final int RECEIVE_BUFFER_BYTES = 1024 * 1024;
    private static final int MESSAGE_BYTES = 16 * 1024;

    /* struct sockaddr_nl */
    private static final int ADDRESS_BYTES = 12;
    private static final int PORT_ID_OFFSET = 4;
    private static final int GROUPS_OFFSET = 8;

    private final Libc libc;
    private final int socket;
    private final int wakeUp;
    private final MemorySegment pollDescriptors;
    private final MemorySegment message;
    private final MemorySegment sender;
    private boolean isClosed;

    private UeventSocket(Libc libc, int socket, int wakeUp) {
        this.libc = libc;
        this.socket = socket;
        this.wakeUp = wakeUp;
        this.message = libc.allocate(MESSAGE_BYTES, Long.BYTES);
        this.sender = libc.allocate(ADDRESS_BYTES, Integer.BYTES);
        this.pollDescriptors = libc.allocate(16, Integer.BYTES);
        pollDescriptors.setAtIndex(ValueLayout.JAVA_INT, 0, socket);
        pollDescriptors.set(ValueLayout.JAVA_SHORT, 4, POLLIN);
        pollDescriptors.setAtIndex(ValueLayout.JAVA_INT, 2, wakeUp);
        pollDescriptors.set(ValueLayout.JAVA_SHORT, 12, POLLIN);
    }

    /// Every change from the return of this method on will be received.
    ///
    /// @throws IOException if this node or container has no such sockets
    static UeventSocket open() throws IOException {
        return open(RECEIVE_BUFFER_BYTES);
    }

    /// @param buffer how much the kernel keeps for us; at least its own minimum
    static UeventSocket open(int buffer) throws IOException {
        var libc = new Libc();
        int socket = libc.socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT);
        try {
            // A burst must fit. Beyond the limit of the system only with CAP_NET_ADMIN.
            if (!libc.setIntOption(socket, SOL_SOCKET, SO_RCVBUFFORCE, buffer)) {
                libc.setIntOption(socket, SOL_SOCKET, SO_RCVBUF, buffer);
            }
            libc.bind(socket, address(libc));
            return new UeventSocket(libc, socket, libc.eventfd(EFD_CLOEXEC));
        } catch (IOException e) {
            libc.close(socket);
            throw e;
        }
    }

    /// Waits for something to happen.
    ///
    /// @return a uevent; [News.Lost] if there were more than could be kept; [News.Interrupted] after [#interrupt()]
    News receive() throws IOException {
        while (true) {
            int ready = libc.poll(pollDescriptors, 2);
            if (ready < 0 && ready != -Libc.EINTR) {
                throw new IOException("poll failed: errno " + -ready);
            }
            if (isReady(1)) {
                return new News.Interrupted();
            }
            if (ready > 0 && isReady(0)) {
                long received = libc.recvfrom(socket, message, MSG_DONTWAIT, sender);
                if (received == -Libc.ENOBUFS) {
                    return new News.Lost();
                }
                if (received < 0 && received != -Libc.EAGAIN && received != -Libc.EINTR) {
                    throw new IOException("recvfrom failed: errno " + -received);
                }
                Optional<Uevent> uevent = received > 0 ? parse(received) : Optional.empty();
                if (uevent.isPresent()) {
                    return new News.Announced(uevent.get());
                }
            }
        }
    }

    /// Lets the receiving thread return from [#receive()]; does nothing once the socket is closed.
    synchronized void interrupt() throws IOException {
        if (isClosed) {
            return;
        }
        try (var own = new Libc()) {
            own.eventfdWrite(wakeUp);
        }
    }

    /// Only for the receiving thread.
    @Override
    public synchronized void close() throws IOException {
        isClosed = true;
        try (libc) {
            libc.close(socket);
            libc.close(wakeUp);
        }
    }

    /// Anybody may send to a netlink socket, but only the kernel has the port 0. What udevd's group brings is no more
    /// than a reason to look for ourselves, and takes CAP_NET_ADMIN to send.
    private Optional<Uevent> parse(long received) {
        boolean isFromKernel = sender.get(ValueLayout.JAVA_INT, PORT_ID_OFFSET) == 0;
        boolean isToUdevdGroup = sender.get(ValueLayout.JAVA_INT, GROUPS_OFFSET) == UDEVD_GROUP;
        if (!isFromKernel && !isToUdevdGroup) {
            return Optional.empty();
        }
        return Uevent.parse(message.asSlice(0, received).toArray(ValueLayout.JAVA_BYTE));
    }

    private boolean isReady(int descriptor) {
        return pollDescriptors.get(ValueLayout.JAVA_SHORT, descriptor * 8L + 6) != 0;
    }

    private static MemorySegment address(Libc libc) {
        MemorySegment address = libc.allocate(ADDRESS_BYTES, Integer.BYTES);
        address.set(ValueLayout.JAVA_SHORT, 0, (short) AF_NETLINK);
        address.set(ValueLayout.JAVA_INT, GROUPS_OFFSET, KERNEL_GROUP | UDEVD_GROUP);
        return address;
    }

    /// What became of waiting.
    sealed interface News {

        record Announced(Uevent uevent) implements News {}

        record Lost() implements News {}

        record Interrupted() implements News {}
    }
}
