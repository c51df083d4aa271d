package dev.petiole.scheduler.dialect;

import dev.petiole.api.configuration.ConfigurationKey;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.bouncycastle.crypto.digests.Blake2bDigest;

/// The names and labels by which one API group goes.
///
/// @param group the API group, and the prefix of its labels
/// @param version the version that is written
public record Dialect(String group, String version) {

    /// Petiole's own group.
    public static final Dialect PETIOLE = new Dialect(ConfigurationKey.PETIOLE, "v1alpha1");

    /// The label that all objects made by Petiole bear, with the value [#MANAGER].
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /// The value of [#MANAGED_BY].
    public static final String MANAGER = "petiole";

    /// The key in a broker's resources that stands for the device's resource.
    public static final String PLACEHOLDER = "{{PLACEHOLDER}}";

    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int DIGEST_BYTES = 32;
    private static final int NODE_HASH_LENGTH = 5;

    public String configurationLabel() {
        return group + "/configuration";
    }

    public String instanceLabel() {
        return group + "/instance";
    }

    public String targetNodeLabel() {
        return group + "/target-node";
    }

    /// @return the annotation that tells from which template a broker was made
    public String templateHashAnnotation() {
        return group + "/spec-hash";
    }

    /// @return the extended resource by which a Pod asks for this device
    public String resource(String namespace, String device) {
        return namespace + "." + group + "/" + device;
    }

    /// @return the name of the device's broker Pod on this node
    public String podName(String device, String node) {
        return device + "-" + nodeHash(node);
    }

    /// @return the device whose broker Pod has this name, whatever its labels say
    public String deviceOfPod(String podName) {
        return podName.substring(0, Math.max(0, podName.length() - NODE_HASH_LENGTH - 1));
    }

    /// @return the name of the device's broker Job for this generation of its Configuration
    public String jobName(String device, long generation) {
        return device + "-" + generation + "-job";
    }

    /// @return the name of the Service of a device or of a Configuration
    public String serviceName(String owner) {
        return owner.toLowerCase(Locale.ROOT) + "-svc";
    }

    private static String nodeHash(String node) {
        var blake2b = new Blake2bDigest(DIGEST_BYTES * Byte.SIZE);
        byte[] bytes = node.getBytes(StandardCharsets.UTF_8);
        blake2b.update(bytes, 0, bytes.length);
        var digest = new byte[DIGEST_BYTES];
        blake2b.doFinal(digest, 0);
        var name = new StringBuilder();
        for (int i = 0; i < NODE_HASH_LENGTH; i++) {
            name.append(BASE32.charAt(fiveBits(digest, i * 5)));
        }
        return name.toString();
    }

    private static int fiveBits(byte[] bytes, int offset) {
        int word = (bytes[offset / 8] & 0xff) << 8 | (bytes[offset / 8 + 1] & 0xff);
        return word >> (11 - offset % 8) & 0x1f;
    }
}
