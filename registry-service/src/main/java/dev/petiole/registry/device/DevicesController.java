package dev.petiole.registry.device;

import dev.petiole.api.device.Device;
import dev.petiole.api.device.DeviceEvent;
import dev.petiole.api.device.DevicesApi;
import dev.petiole.api.watch.ListPage;
import dev.petiole.registry.watch.WatchStreams;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Devices", description = "Leaf devices and who uses them: read-only, the edge owns them")
final class DevicesController implements DevicesApi {

    private final Devices devices;
    private final WatchStreams streams;

    DevicesController(Devices devices, WatchStreams streams) {
        this.devices = devices;
        this.streams = streams;
    }

    @Override
    @Operation(summary = "List or watch devices")
    public ListPage<Device> list(
            @Nullable String group,
            @Nullable String namespace,
            @Nullable String configuration,
            @Nullable String node,
            @Nullable Integer limit,
            @Nullable String cursor) {
        return devices.list(new DeviceFilter(group, namespace, configuration, node), limit, cursor);
    }

    @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Operation(summary = "List or watch devices")
    void watch(
            @RequestParam(required = false) @Nullable String group,
            @RequestParam(required = false) @Nullable String namespace,
            @RequestParam(required = false) @Nullable String configuration,
            @RequestParam(required = false) @Nullable String node,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletResponse response) {
        var filter = new DeviceFilter(group, namespace, configuration, node);
        streams.stream(devices.watch(filter), lastEventId, response);
    }

    @Override
    @Operation(summary = "Read one device")
    public Device get(String group, String namespace, String name) {
        return devices.get(new DeviceKey(group, namespace, name));
    }

    @Override
    @Operation(summary = "Read what happened to a device")
    public ListPage<DeviceEvent> history(
            String group, String namespace, String name, @Nullable Integer limit, @Nullable String cursor) {
        return devices.history(new DeviceKey(group, namespace, name), limit, cursor);
    }
}
