package dev.petiole.registry.testing;

import dev.petiole.registry.RegistryApplication;
import dev.petiole.registry.client.Credentials;
import dev.petiole.registry.client.RegistryClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole service, on a free port, with the database of a directory; see [TestDatabases].
public final class RunningRegistry implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private RunningRegistry(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /// @param properties such as `petiole.lease.duration=2s`; they win over those that it starts with otherwise
    public static RunningRegistry start(Path directory, String... properties) {
        return new RunningRegistry(SpringApplication.run(
                RegistryApplication.class, arguments(directory, properties).toArray(String[]::new)));
    }

    /// @return the command line of a registry, with `properties` over those that it starts with otherwise
    static List<String> arguments(Path directory, String... properties) {
        Map<String, String> arguments = new LinkedHashMap<>();
        Stream.of(
                        Stream.of(
                                "server.port=0",
                                "management.server.port=0",
                                "spring.main.register-shutdown-hook=false"),
                        TestDatabases.properties(directory).stream(),
                        Stream.of(properties))
                .flatMap(Function.identity())
                .map(property -> property.split("=", 2))
                .forEach(property -> arguments.put(property[0], property[1]));
        return arguments.entrySet().stream()
                .map(argument -> "--" + argument.getKey() + "=" + argument.getValue())
                .toList();
    }

    public URI uri() {
        return URI.create("http://127.0.0.1:" + port("local.server.port"));
    }

    public URI managementUri() {
        return URI.create("http://127.0.0.1:" + port("local.management.port"));
    }

    public RegistryClient client() {
        return client(Credentials.NONE);
    }

    public RegistryClient client(Credentials credentials) {
        return new RegistryClient(uri(), credentials);
    }

    @Override
    public void close() {
        context.close();
    }

    private String port(String property) {
        return context.getEnvironment().getRequiredProperty(property);
    }
}
