package dev.petiole.registry.client;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// Which authorities may have signed the registry's certificate.
public sealed interface Trust {

    /// Those that the platform trusts.
    record Platform() implements Trust {}

    /// Those whose certificates are in a file, in PEM.
    ///
    /// @param file read anew for each connection that is made, since the kubelet replaces it when it is rotated
    record Authorities(Path file) implements Trust {}

    Trust PLATFORM = new Platform();

    /// How long a session may be resumed.
    int SESSION_SECONDS = 300;

    static Trust file(Path file) {
        return new Authorities(file);
    }

    /// How connections are secured under this trust.
    default SSLContext context() {
        try {
            return switch (this) {
                case Platform _ -> SSLContext.getDefault();
                case Authorities(Path file) -> context(new AuthoritiesFile(file));
            };
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("TLS is not available", e);
        }
    }

    private static SSLContext context(TrustManager trusted) throws NoSuchAlgorithmException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trusted}, null);
            // A resumed session is not checked again: none outlives an authority that was withdrawn by more than this.
            context.getClientSessionContext().setSessionTimeout(SESSION_SECONDS);
            return context;
        } catch (NoSuchAlgorithmException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS can't be set up", e);
        }
    }
}
