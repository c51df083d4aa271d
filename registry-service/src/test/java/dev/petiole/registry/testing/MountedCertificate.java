package dev.petiole.registry.testing;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;

/// A certificate, its key and its authority in a directory, as the kubelet mounts a Secret: the files are links into a
/// directory of their own, and a change puts another such directory in its place in one step.
public final class MountedCertificate {

    private final Path directory;
    private int version;
    private X509Bundle certificate;

    private MountedCertificate(Path directory, X509Bundle certificate) {
        this.directory = directory;
        this.certificate = certificate;
    }

    /// Of an authority of that name.
    public static MountedCertificate in(Path directory, String authority) throws Exception {
        Files.createDirectories(directory);
        var mounted = new MountedCertificate(directory, make(authority));
        mounted.swap();
        for (String file : new String[] {"tls.crt", "tls.key", "ca.crt"}) {
            Files.createSymbolicLink(directory.resolve(file), Path.of("..data", file));
        }
        return mounted;
    }

    /// Puts a new certificate, of a new authority, in the place of the present one.
    public void rotate(String authority) throws Exception {
        certificate = make(authority);
        swap();
    }

    public X509Certificate certificate() {
        return certificate.getCertificate();
    }

    public Path caFile() {
        return directory.resolve("ca.crt");
    }

    /// What makes the registry serve it.
    public String[] properties() {
        return new String[] {
            "server.ssl.bundle=registry",
            "spring.ssl.bundle.pem.registry.reload-on-update=true",
            "spring.ssl.bundle.pem.registry.keystore.certificate=file:" + directory.resolve("tls.crt"),
            "spring.ssl.bundle.pem.registry.keystore.private-key=file:" + directory.resolve("tls.key"),
            "spring.ssl.bundle.watch.file.quiet-period=200ms",
            "management.server.ssl.enabled=false"
        };
    }

    private void swap() throws IOException {
        Path files = Files.createDirectory(directory.resolve("..v" + version++));
        Files.writeString(files.resolve("tls.crt"), certificate.getCertificatePathPEM());
        Files.writeString(files.resolve("tls.key"), certificate.getPrivateKeyPEM());
        Files.writeString(files.resolve("ca.crt"), certificate.getRootCertificatePEM());
        Path link = Files.createSymbolicLink(directory.resolve("..data_tmp"), files.getFileName());
        Files.move(link, directory.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);
    }

    private static X509Bundle make(String authority) throws Exception {
        X509Bundle issuer = new CertificateBuilder()
                .subject("CN=" + authority)
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        return new CertificateBuilder()
                .subject("CN=registry")
                .addSanIpAddress("127.0.0.1")
                .buildIssuedBy(issuer);
    }
}
