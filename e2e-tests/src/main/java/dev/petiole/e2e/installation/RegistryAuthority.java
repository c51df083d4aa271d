package dev.petiole.e2e.installation;

import dev.petiole.e2e.cluster.Kubectl;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// The authority that the chart made for the registry: who calls from outside the cluster knows the registry by it.
///
/// @param pem its certificate
public record RegistryAuthority(String pem) {

    public static RegistryAuthority of(Kubectl kubectl, String namespace) {
        return new RegistryAuthority(kubectl.output(
                "get", "configmap", "petiole-registry-ca", "-n", namespace, "-o", "jsonpath={.data.ca\\.crt}"));
    }

    /// Trusts nobody else.
    public SSLContext context() {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            store.setCertificateEntry(
                    "authority",
                    CertificateFactory.getInstance("X.509")
                            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII))));
            TrustManagerFactory trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trusted.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trusted.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("not a certificate: " + pem, e);
        }
    }
}
