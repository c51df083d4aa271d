package dev.petiole.discovery.udev;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/// The few calls of Linux's C library that a netlink socket takes. One instance per thread: it holds `errno`.
final class Libc implements AutoCloseable {

    static final int EINTR = 4;
    static final int EAGAIN = 11;
    static final int ENOBUFS = 105;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
    private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO_HANDLE = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle SOCKET =
            function("socket", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle BIND =
            function("bind", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
    private static final MethodHandle SETSOCKOPT = function(
            "setsockopt",
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_INT);
    private static final MethodHandle RECVFROM = function(
            "recvfrom",
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.JAVA_LONG,
            ValueLayout.JAVA_INT,
            ValueLayout.ADDRESS,
            ValueLayout.ADDRESS);
    private static final MethodHandle POLL =
            function("poll", ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);
    private static final MethodHandle EVENTFD =
            function("eventfd", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);
    private static final MethodHandle EVENTFD_WRITE =
            function("eventfd_write", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG);
    private static final MethodHandle CLOSE = function("close", ValueLayout.JAVA_INT, ValueLayout.JAVA_INT);

    private final Arena arena = Arena.ofShared();
    private final MemorySegment callState = arena.allocate(CALL_STATE);

    int socket(int domain, int type, int protocol) throws IOException {
        try {
            return checked("socket", (int) SOCKET.invokeExact(callState, domain, type, protocol));
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    void bind(int socket, MemorySegment address) throws IOException {
        try {
            checked("bind", (int) BIND.invokeExact(callState, socket, address, (int) address.byteSize()));
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    /// @return whether it could be set
    boolean setIntOption(int socket, int level, int option, int value) throws IOException {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment argument = call.allocateFrom(ValueLayout.JAVA_INT, value);
            return (int) SETSOCKOPT.invokeExact(callState, socket, level, option, argument, (int) argument.byteSize())
                    == 0;
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    /// @param address is filled with the sender's
    /// @return the number of bytes, or the negative `errno`
    long recvfrom(int socket, MemorySegment buffer, int flags, MemorySegment address) throws IOException {
        try (Arena call = Arena.ofConfined()) {
            MemorySegment addressSize = call.allocateFrom(ValueLayout.JAVA_INT, (int) address.byteSize());
            long received = (long)
                    RECVFROM.invokeExact(callState, socket, buffer, buffer.byteSize(), flags, address, addressSize);
            return received >= 0 ? received : -errno();
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    /// Waits without a time limit.
    ///
    /// @return the number of descriptors that are ready, or the negative `errno`
    int poll(MemorySegment descriptors, long count) throws IOException {
        try {
            int ready = (int) POLL.invokeExact(callState, descriptors, count, -1);
            return ready >= 0 ? ready : -errno();
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    int eventfd(int flags) throws IOException {
        try {
            return checked("eventfd", (int) EVENTFD.invokeExact(callState, 0, flags));
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    void eventfdWrite(int descriptor) throws IOException {
        try {
            checked("eventfd_write", (int) EVENTFD_WRITE.invokeExact(callState, descriptor, 1L));
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    void close(int descriptor) throws IOException {
        try {
            checked("close", (int) CLOSE.invokeExact(callState, descriptor));
        } catch (Throwable e) {
            throw thrown(e);
        }
    }

    MemorySegment allocate(long bytes, long alignment) {
        return arena.allocate(bytes, alignment);
    }

    @Override
    public void close() {
        arena.close();
    }

    private int checked(String call, int result) throws IOException {
        if (result < 0) {
            throw new IOException(call + " failed: errno " + errno());
        }
        return result;
    }

    private int errno() {
        return (int) ERRNO_HANDLE.get(callState, 0L);
    }

    private static IOException thrown(Throwable e) {
        return switch (e) {
            case IOException failure -> failure;
            case RuntimeException failure -> throw failure;
            case Error failure -> throw failure;
            default -> throw new IllegalStateException("a call of the C library threw", e);
        };
    }

    private static MethodHandle function(String name, MemoryLayout result, MemoryLayout... arguments) {
        return LINKER.downcallHandle(
                LINKER.defaultLookup().findOrThrow(name), FunctionDescriptor.of(result, arguments), ERRNO);
    }
}
