package dev.petiole.discovery.onvif;

import java.util.List;

/// What a device said of itself when its service was asked. Texts are empty if not known.
///
/// @param ports its network interfaces
/// @param streams where its video is had, without credentials
record DeviceFacts(Identification identification, List<NetworkPort> ports, List<String> streams) {

    static final DeviceFacts NONE = new DeviceFacts(Identification.NONE, List.of(), List.of());

    DeviceFacts {
        ports = List.copyOf(ports);
        streams = List.copyOf(streams);
    }

    /// @return these, with `older` where these say nothing
    DeviceFacts or(DeviceFacts older) {
        return new DeviceFacts(
                identification.equals(Identification.NONE) ? older.identification() : identification,
                ports.isEmpty() ? older.ports() : ports,
                streams.isEmpty() ? older.streams() : streams);
    }

    /// ONVIF Core §8.4.1, GetDeviceInformation.
    record Identification(
            String manufacturer, String model, String firmwareVersion, String serialNumber, String hardwareId) {

        static final Identification NONE = new Identification("", "", "", "", "");
    }

    /// ONVIF Core §8.2.7, GetNetworkInterfaces.
    ///
    /// @param macAddress as [MacAddress] writes it
    record NetworkPort(String macAddress, List<String> addresses) {
        NetworkPort {
            addresses = List.copyOf(addresses);
        }
    }
}
