package dev.petiole.discovery.external;

import java.net.URI;
import java.nio.file.Path;

/// Where a handler is asked.
sealed interface Address {

    /// @return as people write it: a path or a URL
    String text();

    /// A socket in the handlers' directory.
    record Socket(Path path) implements Address {
        @Override
        public String text() {
            return path.toString();
        }
    }

    /// A port in the network.
    record Network(String host, int port) implements Address {
        @Override
        public String text() {
            return "http://" + (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        }
    }

    /// @param endpoint a socket's path as the handler sees it: it may have mounted our directory elsewhere, so
    ///     that only the file's name counts. Any other socket of the node is none of its business
    /// @throws IllegalArgumentException saying what is expected
    static Socket socket(String endpoint, Path directory) {
        Path name = endpoint.indexOf('\0') < 0 ? Path.of(endpoint).getFileName() : null;
        if (name == null || name.toString().startsWith(".") || name.toString().equals(RegistrationServer.SOCKET)) {
            throw new IllegalArgumentException(
                    "endpoint: '" + endpoint + "' (expected: the path of a socket in " + directory + ")");
        }
        return new Socket(directory.resolve(name));
    }

    /// @param endpoint such as `http://10.1.2.3:10000`
    /// @throws IllegalArgumentException saying what is expected
    static Network network(String endpoint) {
        String expected = "endpoint: '" + endpoint + "' (expected: a URL such as http://10.1.2.3:10000)";
        URI uri;
        try {
            uri = URI.create(endpoint.contains("://") ? endpoint : "http://" + endpoint);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(expected, e);
        }
        String host = uri.getHost();
        boolean isPlain = "http".equals(uri.getScheme())
                && uri.getUserInfo() == null
                && (uri.getPath() == null
                        || uri.getPath().isEmpty()
                        || uri.getPath().equals("/"));
        if (host == null || uri.getPort() < 1 || uri.getPort() > 65_535 || !isPlain) {
            throw new IllegalArgumentException(expected);
        }
        return new Network(host.startsWith("[") ? host.substring(1, host.length() - 1) : host, uri.getPort());
    }
}
