package dev.petiole.discovery.onvif;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/// A place where a device's service can be asked: only ever at the address at which the device itself answered,
/// whatever name or address it announces.
///
/// @param url as announced
/// @param address where the device answered
/// @param trust what is known of who answers there
record ServiceAddress(URI url, InetAddress address, Trust trust) {

    private static final int MAX_URL_LENGTH = 512;

    /// Who may be listening to what is sent.
    enum Trust {
        /// HTTP. What ONVIF devices offer most; passwords are never sent, only digests of them.
        PLAIN,
        /// HTTPS with a certificate that the node's trust store vouches for, by name.
        VERIFIED,
        /// HTTPS with any other certificate. Says that secrecy was wanted and is not had, so nothing secret is sent.
        UNVERIFIED
    }

    /// @return nothing if it is no URL of a device service
    static Optional<URI> parse(String xaddr) {
        if (xaddr.length() > MAX_URL_LENGTH) {
            return Optional.empty();
        }
        try {
            var url = new URI(xaddr);
            boolean isHttp = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            boolean isSafe = url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null;
            return isHttp && isSafe && url.getPort() <= 0xFFFF && url.getPort() != 0
                    ? Optional.of(url)
                    : Optional.empty();
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    static boolean isHttps(URI url) {
        return "https".equalsIgnoreCase(url.getScheme());
    }

    /// @return the address without the zone, which means nothing elsewhere
    static String text(InetAddress address) {
        String text = address.getHostAddress();
        int zone = text.indexOf('%');
        return zone < 0 ? text : text.substring(0, zone);
    }

    /// Where to connect. Names are used only where a certificate proves them; else the address itself is, so that no
    /// name server can send the request elsewhere.
    URI target() {
        return trust == Trust.VERIFIED ? url : at(path());
    }

    /// Another service of the device by the path it announces: its host and port are not believed.
    ServiceAddress sibling(URI other) {
        return new ServiceAddress(
                trust == Trust.VERIFIED ? URI.create(authority(url.getHost()) + path(other)) : at(path(other)),
                address,
                trust);
    }

    private URI at(String path) {
        String host = address.getHostAddress();
        return URI.create(authority(address instanceof Inet6Address ? "[" + host + "]" : host) + path);
    }

    private String authority(String host) {
        return url.getScheme().toLowerCase(Locale.ROOT) + "://" + host + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    private String path() {
        return path(url);
    }

    private static String path(URI url) {
        String path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        return url.getRawQuery() == null ? path : path + "?" + url.getRawQuery();
    }
}
