package dev.petiole.registry.client;

import dev.petiole.api.agent.AgentsApi;
import dev.petiole.api.caller.CallerApi;
import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.ConfigurationsApi;
import dev.petiole.api.configuration.MirrorsApi;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.DevicesApi;
import dev.petiole.api.device.HoldersApi;
import dev.petiole.api.handler.HandlersApi;
import dev.petiole.api.inbox.InboxApi;
import dev.petiole.api.node.NodesApi;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import org.springframework.web.client.ResourceAccessException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A connection to the registry. Calls throw [RegistryProblem] when it refuses and [RegistryUnreachable] when it can't
/// be reached. Thread-safe.
public final class RegistryClient {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(10);
    private static final int MAX_PROBLEM_BYTES = 64 * 1024;

    private final URI baseUri;
    private final Credentials credentials;
    private final HttpClient http;
    private final JsonMapper json = JsonMapper.builder().build();
    private final HttpServiceProxyFactory proxies;

    /// @param baseUri such as `http://127.0.0.1:8080`
    public RegistryClient(URI baseUri, Credentials credentials) {
        this(baseUri, credentials, Trust.PLATFORM);
    }

    /// @param baseUri such as `https://petiole-registry-service:8080`
    /// @param trust of no use with `http`
    public RegistryClient(URI baseUri, Credentials credentials, Trust trust) {
        this.baseUri = baseUri;
        this.credentials = credentials;
        // HTTP/1.1: an upgrade to h2c would only add a round trip to each connection.
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .sslContext(trust.context())
                .build();
        this.proxies = HttpServiceProxyFactory.builderFor(RestClientAdapter.create(restClient()))
                .build();
    }

    public ConfigurationsApi configurations() {
        return proxies.createClient(ConfigurationsApi.class);
    }

    public MirrorsApi mirrors() {
        return proxies.createClient(MirrorsApi.class);
    }

    public DevicesApi devices() {
        return proxies.createClient(DevicesApi.class);
    }

    public HoldersApi holders() {
        return proxies.createClient(HoldersApi.class);
    }

    public NodesApi nodes() {
        return proxies.createClient(NodesApi.class);
    }

    public HandlersApi handlers() {
        return proxies.createClient(HandlersApi.class);
    }

    public InboxApi inbox() {
        return proxies.createClient(InboxApi.class);
    }

    public CallerApi caller() {
        return proxies.createClient(CallerApi.class);
    }

    public AgentsApi agents() {
        return proxies.createClient(AgentsApi.class);
    }

    /// A copy of the Configurations that `filters` let through, kept up to date once started.
    public WatchedCollection<Configuration> watchConfigurations(Map<String, String> filters, RandomGenerator random) {
        return new WatchedCollection<>(
                eventSource("/api/v1/configurations", filters),
                Configuration.class,
                configuration -> configuration.key().toString(),
                json,
                random);
    }

    /// A copy of the devices that `filters` let through, kept up to date once started. Its keys are
    /// `group/namespace/name`.
    public WatchedCollection<Device> watchDevices(Map<String, String> filters, RandomGenerator random) {
        return new WatchedCollection<>(
                eventSource("/api/v1/devices", filters),
                Device.class,
                device -> device.configuration().group() + "/"
                        + device.configuration().namespace() + "/" + device.name(),
                json,
                random);
    }

    private EventSource eventSource(String path, Map<String, String> filters) {
        UriComponentsBuilder uri = UriComponentsBuilder.fromUri(baseUri).path(path);
        filters.forEach((name, value) -> uri.queryParam(name, "{" + name + "}"));
        return new EventSource(http, uri.encode().buildAndExpand(filters).toUri(), credentials);
    }

    private RestClient restClient() {
        var requests = new JdkClientHttpRequestFactory(http);
        requests.setReadTimeout(READ_TIMEOUT);
        return RestClient.builder()
                .baseUrl(baseUri)
                .requestFactory(requests)
                .configureMessageConverters(this::useOurJson)
                .requestInterceptor(this::exchange)
                .defaultStatusHandler(status -> status.isError(), this::refuse)
                .build();
    }

    private void useOurJson(HttpMessageConverters.ClientBuilder converters) {
        converters.registerDefaults().withJsonConverter(new JacksonJsonHttpMessageConverter(json));
    }

    private ClientHttpResponse exchange(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
            throws IOException {
        credentials.token().ifPresent(request.getHeaders()::setBearerAuth);
        request.getHeaders().set(HttpHeaders.ACCEPT, "application/json, application/problem+json");
        try {
            return ReceivedResponse.of(execution.execute(request, body));
        } catch (IOException | ResourceAccessException e) {
            throw new RegistryUnreachable(request.getMethod() + " " + request.getURI() + ": " + e, e);
        }
    }

    private void refuse(HttpRequest request, ClientHttpResponse response) throws IOException {
        throw problem(response.getStatusCode().value(), response.getBody());
    }

    private RegistryProblem problem(int status, InputStream body) throws IOException {
        return problem(status, body.readNBytes(MAX_PROBLEM_BYTES), json);
    }

    static RegistryProblem problem(int status, byte[] body, JsonMapper json) {
        JsonNode problem;
        try {
            problem = json.readTree(body);
        } catch (tools.jackson.core.JacksonException _) {
            // Not the registry's own answer but, say, a proxy's page: the status is all there is to tell.
            return new RegistryProblem(status, "about:blank", null);
        }
        String type = problem.path("type").asString("about:blank");
        return new RegistryProblem(
                status,
                type.substring(type.lastIndexOf('/') + 1),
                problem.path("detail").asString(""));
    }
}
