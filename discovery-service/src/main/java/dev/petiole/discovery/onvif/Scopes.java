package dev.petiole.discovery.onvif;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a device's scopes tell by convention. ONVIF Core §7.3.3.
final class Scopes {

    private static final String PREFIX = "onvif://www.onvif.org/";

    private final List<String> scopes;

    Scopes(List<String> scopes) {
        this.scopes = scopes;
    }

    Optional<String> findName() {
        return findFirst("name");
    }

    Optional<String> findHardware() {
        return findFirst("hardware");
    }

    /// @return all that is said of the place, joined by commas
    Optional<String> findLocation() {
        List<String> places = values("location");
        return places.isEmpty() ? Optional.empty() : Optional.of(Text.printable(String.join(", ", places)));
    }

    Optional<String> findSerialNumber() {
        return findFirst("serialnumber");
    }

    List<String> macAddresses() {
        return values("macaddress").stream()
                .map(MacAddress::find)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }

    private Optional<String> findFirst(String category) {
        return values(category).stream().findFirst();
    }

    private List<String> values(String category) {
        String prefix = PREFIX + category + "/";
        return scopes.stream()
                .filter(scope -> scope.toLowerCase(Locale.ROOT).startsWith(prefix))
                .map(scope -> Text.printable(Text.percentDecoded(scope.substring(prefix.length()))))
                .filter(value -> !value.isEmpty())
                .distinct()
                .toList();
    }
}
