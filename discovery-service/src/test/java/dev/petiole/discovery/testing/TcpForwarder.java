package dev.petiole.discovery.testing;

import java.io.Closeable;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// A port that leads to a server elsewhere until it is closed, at once and with all its connections.
public final class TcpForwarder implements AutoCloseable {

    private final URI target;
    private final ServerSocket door;
    private final Queue<Closeable> open = new ConcurrentLinkedQueue<>();

    private TcpForwarder(URI target, int port) throws IOException {
        this.target = target;
        this.door = new ServerSocket(port);
        open.add(door);
        Thread.ofVirtual().name("forwarder").start(this::accept);
    }

    public static TcpForwarder to(String url) throws IOException {
        return new TcpForwarder(URI.create(url), 0);
    }

    /// The same at a given port.
    public static TcpForwarder at(int port, String url) throws IOException {
        return new TcpForwarder(URI.create(url), port);
    }

    public int port() {
        return door.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        for (Closeable it : open) {
            it.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket near = door.accept();
                open.add(near);
                var far = new Socket(target.getHost(), target.getPort());
                open.add(far);
                Thread.ofVirtual().start(() -> copy(near, far));
                Thread.ofVirtual().start(() -> copy(far, near));
                if (door.isClosed()) {
                    // Whoever closes it may not have seen this pair.
                    close();
                }
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // Closed.
        }
    }
}
