package dev.petiole.discovery.external;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// How external discovery handlers are let in, and how much of them is borne.
///
/// @param directory where handlers register and have their sockets; none if there are to be none
/// @param socketMode who may register: the permissions of the registration socket, such as `rw-------`
/// @param allowedNetworks where handlers may be that are reached over the network: addresses, CIDRs and host
///     names
/// @param maxDevices of one handler for one Configuration
/// @param maxMessageSize of one list of devices
/// @param maxListsPerTenSeconds of one handler for one Configuration
/// @param patience how long the first list is awaited before that is told
/// @param forgetAfter how long a handler is kept that can't be reached and that no Configuration asks for
@ConfigurationProperties("petiole.external-handlers")
record ExternalHandlerProperties(
        @Nullable Path directory,
        @DefaultValue("rw-------") String socketMode,
        @DefaultValue List<String> allowedNetworks,
        @DefaultValue("2000") int maxDevices,
        @DefaultValue("4MB") DataSize maxMessageSize,
        @DefaultValue("100") int maxListsPerTenSeconds,
        @DefaultValue("30s") Duration patience,
        @DefaultValue("1h") Duration forgetAfter) {

    ExternalHandlerProperties {
        directory = directory == null || directory.toString().isBlank() ? null : directory;
        allowedNetworks = List.copyOf(allowedNetworks);
    }
}
