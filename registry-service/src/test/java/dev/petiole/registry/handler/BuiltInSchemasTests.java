package dev.petiole.registry.handler;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// The schemas that the discovery service brings along.
class BuiltInSchemasTests {

    private static final Path DISCOVERY = Path.of("../discovery-service/src/main/resources/dev/petiole/discovery");

    static List<Path> schemas() throws IOException {
        try (Stream<Path> files = Files.walk(DISCOVERY)) {
            return files.filter(file -> file.endsWith("details.schema.json")).toList();
        }
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void keepToTheVocabularyThatTheRegistryTakes(Path file) throws IOException {
        assertThat(DetailsSchema.findFault(read(file))).isEmpty();
    }

    @Test
    void areThereForEachProtocol() throws IOException {
        assertThat(schemas())
                .extracting(file -> file.getParent().getFileName().toString())
                .contains("udev", "opcua", "onvif", "debugecho");
    }

    /// Akri's documented examples.
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            debugecho | descriptions: ["foo0", "foo1"]
            udev      | {groupRecursive: false, udevRules: ['KERNEL=="video[0-9]*", ENV{ID_V4L_CAPABILITIES}==":capture:"'], permissions: rwm}
            onvif     | {ipAddresses: {action: Exclude, items: [10.0.0.1]}, scopes: {action: Include, items: ["onvif://www.onvif.org/name/GreatONVIFCamera"]}, discoveryTimeoutSeconds: 2}
            opcua     | {opcuaDiscoveryMethod: {standard: {discoveryUrls: ["opc.tcp://localhost:4840/"]}}, applicationNames: {action: Exclude, items: []}}
            """)
    void takeAkrisExamples(String handler, String details) throws IOException {
        assertThat(DetailsCheck.check(details, read(DISCOVERY.resolve(handler).resolve("details.schema.json"))))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            debugecho | {descriptions: [a], nodes: [n], flap: 1s, slow: 2s, failAfter: 5s}
            udev      | {udevRules: ['KERNEL=="a"'], properties: ['ATTR{speed}', TAGS]}
            opcua     | {opcuaDiscoveryMethod: {mdns: {}}}
            opcua     | {opcuaDiscoveryMethod: {scan: {addresses: [10.0.0.0/24], ports: [4840], interval: 1m}}}
            """)
    void takeWhatPetioleAddsToThem(String handler, String details) throws IOException {
        assertThat(DetailsCheck.check(details, read(DISCOVERY.resolve(handler).resolve("details.schema.json"))))
                .isEmpty();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> read(Path file) throws IOException {
        return new JsonMapper().readValue(Files.readString(file), Map.class);
    }
}
