package dev.petiole.registry.device;

import dev.petiole.api.device.Device;
import dev.petiole.api.device.DeviceEvent;
import dev.petiole.api.device.DeviceFacets;
import dev.petiole.api.device.DeviceSlots;
import dev.petiole.api.device.DevicesApi;
import dev.petiole.api.watch.ListPage;
import dev.petiole.registry.query.ListQuery;
import dev.petiole.registry.query.PageParameters;
import dev.petiole.registry.watch.WatchStreams;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.ArraySchema;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Devices", description = "Leaf devices and who uses them: read-only, the edge owns them")
final class DevicesController implements DevicesApi {

    private static final Set<String> LIST = with(DeviceFilter.PARAMETERS, "sort");
    private static final Set<String> FACETS = with(DeviceFilter.PARAMETERS, "by");

    private final Devices devices;
    private final Facets facets;
    private final WatchStreams streams;

    DevicesController(Devices devices, Facets facets, WatchStreams streams) {
        this.devices = devices;
        this.facets = facets;
        this.streams = streams;
    }

    @Override
    @DeviceFilterParameters
    @Parameter(
            in = ParameterIn.QUERY,
            name = "sort",
            description =
                    "name, configuration, handler, presence, admission or presenceSince; - before it turns it round",
            example = "-presenceSince",
            schema = @Schema(type = "string"))
    @PageParameters
    @Operation(operationId = "listDevices", summary = "List or watch devices")
    public ListPage<Device> list(MultiValueMap<String, String> query) {
        return devices.list(ListQuery.of(query, LIST));
    }

    @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(operationId = "listDevices", summary = "List or watch devices")
    void watch(
            @RequestParam @Parameter(hidden = true) MultiValueMap<String, String> query,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletResponse response) {
        ListQuery wanted = ListQuery.of(query, DeviceFilter.PARAMETERS);
        var filter = DeviceFilter.of(wanted);
        streams.stream(devices.watch(filter).showing(wanted.find("fields")), lastEventId, response);
    }

    @Override
    @DeviceFilterParameters
    @Parameter(
            in = ParameterIn.QUERY,
            name = "by",
            required = true,
            description =
                    "group, namespace, configuration, handler, node, presence, admission, label:KEY or property:NAME",
            array = @ArraySchema(schema = @Schema(type = "string")),
            example = "[\"presence\"]")
    @Operation(operationId = "countDevices", summary = "Count devices by what they have in common")
    public DeviceFacets facets(MultiValueMap<String, String> query) {
        ListQuery wanted = ListQuery.of(query, FACETS);
        return facets.count(DeviceFilter.of(wanted), wanted.all("by"));
    }

    @Override
    @Operation(operationId = "getDeviceSlots", summary = "Read the slots of a device and who holds them")
    public DeviceSlots slots(String group, String namespace, String name) {
        return devices.slots(new DeviceKey(group, namespace, name));
    }

    @Override
    @Operation(operationId = "getDevice", summary = "Read one device")
    public Device get(String group, String namespace, String name) {
        return devices.get(new DeviceKey(group, namespace, name));
    }

    @Override
    @Operation(operationId = "getDeviceHistory", summary = "Read what happened to a device")
    public ListPage<DeviceEvent> history(
            String group, String namespace, String name, @Nullable Integer limit, @Nullable String cursor) {
        return devices.history(new DeviceKey(group, namespace, name), limit, cursor);
    }

    private static Set<String> with(Set<String> some, String another) {
        Set<String> all = new TreeSet<>(some);
        all.add(another);
        return all;
    }
}
