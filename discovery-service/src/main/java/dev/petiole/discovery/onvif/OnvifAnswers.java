package dev.petiole.discovery.onvif;

import dev.petiole.discovery.handler.AddressRange;
import dev.petiole.discovery.onvif.DeviceFacts.Identification;
import dev.petiole.discovery.onvif.DeviceFacts.NetworkPort;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Reads the answers of a device's services. What an answer lacks is empty.
final class OnvifAnswers {

    private static final int MAX_PORTS = 32;
    private static final int MAX_ADDRESSES = 32;
    private static final int MAX_TOKEN_LENGTH = 128;
    private static final int MAX_URI_LENGTH = 512;

    /// Some devices put the password in the path or the query of a stream's URI.
    private static final Pattern TELLS_PASSWORD = Pattern.compile("(?i)(pass|passw|passwd|password|pwd|pw)[=_:/]");

    private OnvifAnswers() {}

    /// @return the device's clock; nothing if it tells no UTC time that can be
    static Optional<Instant> findUtcTime(XmlElement answer) {
        return answer.find("SystemDateAndTime")
                .flatMap(it -> it.find("UTCDateTime"))
                .flatMap(OnvifAnswers::time);
    }

    static Identification identification(XmlElement answer) {
        return new Identification(
                printableAt(answer, "Manufacturer"),
                printableAt(answer, "Model"),
                printableAt(answer, "FirmwareVersion"),
                printableAt(answer, "SerialNumber"),
                printableAt(answer, "HardwareId"));
    }

    static List<NetworkPort> ports(XmlElement answer) {
        return answer.list("NetworkInterfaces")
                .limit(MAX_PORTS)
                .flatMap(it ->
                        MacAddress.find(it.textAt("Info", "HwAddress"))
                                .map(mac -> new NetworkPort(mac, addresses(it)))
                                .stream())
                .toList();
    }

    /// @return where the service of that namespace is, of GetServices
    static Optional<URI> findService(XmlElement answer, String serviceNamespace) {
        return answer.list("Service")
                .filter(service -> service.textAt("Namespace").equals(serviceNamespace))
                .flatMap(service -> ServiceAddress.parse(service.textAt("XAddr")).stream())
                .findFirst();
    }

    /// @return where the media service is, of GetCapabilities
    static Optional<URI> findMedia(XmlElement answer) {
        return ServiceAddress.parse(answer.textAt("Capabilities", "Media", "XAddr"));
    }

    /// @return the profiles' tokens, in the device's order
    static List<String> profiles(XmlElement answer) {
        return answer.list("Profiles")
                .map(profile -> profile.attributes().getOrDefault("token", ""))
                .filter(token -> !token.isEmpty() && token.length() <= MAX_TOKEN_LENGTH)
                .toList();
    }

    /// @param password what must not be told; may be empty
    /// @return the URI without user information; nothing if it would tell a password all the same
    static Optional<String> findStream(XmlElement answer, String password) {
        String uri = Stream.of(answer.textAt("MediaUri", "Uri"), answer.textAt("Uri"))
                .filter(it -> !it.isEmpty())
                .findFirst()
                .orElse("");
        return withoutUserInfo(uri)
                .filter(it -> !TELLS_PASSWORD.matcher(Text.percentDecoded(it)).find())
                .filter(it -> password.isEmpty() || !Text.percentDecoded(it).contains(password));
    }

    private static Optional<Instant> time(XmlElement utc) {
        try {
            return Optional.of(LocalDateTime.of(
                            number(utc, "Date", "Year"),
                            number(utc, "Date", "Month"),
                            number(utc, "Date", "Day"),
                            number(utc, "Time", "Hour"),
                            number(utc, "Time", "Minute"),
                            // A leap second is none of Java's.
                            Math.min(number(utc, "Time", "Second"), 59))
                    .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException | NumberFormatException _) {
            return Optional.empty();
        }
    }

    private static int number(XmlElement utc, String... path) {
        int number = Integer.parseInt(utc.textAt(path));
        if (number < 0 || number > 9999) {
            throw new NumberFormatException("no part of a date");
        }
        return number;
    }

    private static String printableAt(XmlElement answer, String name) {
        return Text.printable(answer.textAt(name));
    }

    private static List<String> addresses(XmlElement port) {
        return Stream.of("IPv4", "IPv6")
                .flatMap(port::list)
                .flatMap(XmlElement::descendants)
                .filter(it -> it.name().equals("Address") && it.children().isEmpty())
                .flatMap(it -> AddressRange.literal(it.text()).stream())
                .map(ServiceAddress::text)
                .distinct()
                .limit(MAX_ADDRESSES)
                .toList();
    }

    /// Works on the text, since devices' URIs are not always URIs to the letter.
    private static Optional<String> withoutUserInfo(String uri) {
        int authority = uri.indexOf("://") + 3;
        boolean isStream = authority >= 3
                && Pattern.matches(
                        "rtsps?|https?", uri.substring(0, authority - 3).toLowerCase(Locale.ROOT));
        boolean isOneWord = uri.chars().allMatch(c -> c > ' ' && c < 0x7F);
        if (!isStream || !isOneWord || uri.length() > MAX_URI_LENGTH) {
            return Optional.empty();
        }
        int end = authority;
        while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
            end++;
        }
        // A password with an unquoted slash looks like a path: whatever is before an @ may be secret.
        if (uri.indexOf('@', end) >= 0) {
            return Optional.empty();
        }
        int at = uri.lastIndexOf('@', end);
        return Optional.of(at < authority ? uri : uri.substring(0, authority) + uri.substring(at + 1));
    }
}
