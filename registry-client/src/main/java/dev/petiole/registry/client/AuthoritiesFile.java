package dev.petiole.registry.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// Believes servers whose certificate is of an authority in a file of PEM, as the file is at that moment.
final class AuthoritiesFile extends X509ExtendedTrustManager {

    private final Path file;

    AuthoritiesFile(Path file) {
        this.file = file;
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        X509ExtendedTrustManager authorities = authorities();
        try {
            authorities.checkServerTrusted(chain, authType, engine);
        } catch (CertificateException e) {
            throw refusal(chain, e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        X509ExtendedTrustManager authorities = authorities();
        try {
            authorities.checkServerTrusted(chain, authType, socket);
        } catch (CertificateException e) {
            throw refusal(chain, e);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        checkServerTrusted(chain, authType, (SSLEngine) null);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable Socket socket)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, @Nullable SSLEngine engine)
            throws CertificateException {
        checkClientTrusted(chain, authType);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) throws CertificateException {
        throw new CertificateException("no client is expected here");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }

    private CertificateException refusal(X509Certificate[] chain, CertificateException cause) {
        return new CertificateException(
                "the registry's certificate %s, issued by %s, is not accepted with the authorities in %s: %s"
                        .formatted(
                                chain[0].getSubjectX500Principal(),
                                chain[0].getIssuerX500Principal(),
                                file,
                                cause.getMessage()),
                cause);
    }

    private X509ExtendedTrustManager authorities() throws CertificateException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int count = 0;
            for (Certificate certificate : read()) {
                store.setCertificateEntry("authority-" + count++, certificate);
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            for (TrustManager manager : factory.getTrustManagers()) {
                if (manager instanceof X509ExtendedTrustManager found) {
                    return found;
                }
            }
            throw new CertificateException("this Java has no trust manager for X.509");
        } catch (CertificateException e) {
            throw e;
        } catch (IOException | GeneralSecurityException e) {
            throw new CertificateException("can't read the registry's authorities in " + file + ": " + e, e);
        }
    }

    private Collection<? extends Certificate> read() throws IOException, CertificateException {
        Collection<? extends Certificate> certificates;
        try (InputStream content = Files.newInputStream(file)) {
            certificates = CertificateFactory.getInstance("X.509").generateCertificates(content);
        } catch (CertificateException e) {
            throw new CertificateException(file + ": not certificates (expected: PEM): " + e.getMessage(), e);
        }
        if (certificates.isEmpty()) {
            throw new CertificateException(file + ": no certificate (expected: at least one, in PEM)");
        }
        return certificates;
    }
}
