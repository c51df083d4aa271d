package dev.petiole.registry.testing;

import dev.petiole.registry.RegistryApplication;
import dev.petiole.registry.client.Credentials;
import dev.petiole.registry.client.RegistryClient;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/// The whole service, on a free port, with its database in a directory.
public final class RunningRegistry implements AutoCloseable {

    private final ConfigurableApplicationContext context;

    private RunningRegistry(ConfigurableApplicationContext context) {
        this.context = context;
    }

    /// @param properties such as `petiole.lease.duration=2s`; they win over those that it starts with otherwise
    public static RunningRegistry start(Path directory, String... properties) {
        Map<String, String> arguments = new LinkedHashMap<>();
        arguments.put("petiole.data-dir", directory.toAbsolutePath().toString());
        arguments.put("server.port", "0");
        arguments.put("management.server.port", "0");
        arguments.put("spring.main.register-shutdown-hook", "false");
        for (String property : properties) {
            String[] nameAndValue = property.split("=", 2);
            arguments.put(nameAndValue[0], nameAndValue[1]);
        }
        return new RunningRegistry(SpringApplication.run(
                RegistryApplication.class,
                arguments.entrySet().stream()
                        .map(argument -> "--" + argument.getKey() + "=" + argument.getValue())
                        .toArray(String[]::new)));
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
