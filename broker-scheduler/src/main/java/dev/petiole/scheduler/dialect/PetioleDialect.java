package dev.petiole.scheduler.dialect;

import com.google.gson.JsonObject;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.device.Device;
import dev.petiole.api.device.HeldSlots.HeldSlot;
import dev.petiole.scheduler.kubernetes.Json;
import dev.petiole.scheduler.kubernetes.Resource;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.crypto.digests.Blake2bDigest;
import org.jspecify.annotations.Nullable;

/// `petiole.dev/v1alpha1`.
final class PetioleDialect implements Dialect {

    private static final String VERSION = "v1alpha1";
    private static final String CONFIGURATION_LABEL = ConfigurationKey.PETIOLE + "/configuration";
    private static final String INSTANCE_LABEL = ConfigurationKey.PETIOLE + "/instance";
    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    private static final String MANAGER = "petiole";
    private static final String BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
    private static final int DIGEST_BYTES = 32;
    private static final int NODE_HASH_LENGTH = 5;

    private final Resource configurations = Resource.configurations(ConfigurationKey.PETIOLE, VERSION);
    private final Resource instances = Resource.instances(ConfigurationKey.PETIOLE, VERSION);

    @Override
    public Resource configurations() {
        return configurations;
    }

    @Override
    public Resource instances() {
        return instances;
    }

    @Override
    public JsonObject shownSpec(JsonObject spec) {
        return spec;
    }

    @Override
    public boolean isNameForWholeCluster() {
        return false;
    }

    @Override
    public Map<String, String> childLabels() {
        return Map.of(MANAGED_BY, MANAGER);
    }

    @Override
    public String configurationOf(JsonObject object) {
        return Json.text(object, "metadata", "labels", CONFIGURATION_LABEL);
    }

    @Override
    public String instanceLabel() {
        return INSTANCE_LABEL;
    }

    @Override
    public String targetNodeLabel() {
        return ConfigurationKey.PETIOLE + "/target-node";
    }

    @Override
    public boolean isMadeFrom(String hash, String current) {
        return hash.equals(current);
    }

    @Override
    public String resource(String namespace, String device) {
        return namespace + "." + ConfigurationKey.PETIOLE + "/" + device;
    }

    @Override
    public String podName(Device device, String node) {
        return device.name() + "-" + nodeHash(node);
    }

    @Override
    public String deviceOfPod(String configuration, String podName) {
        return podName.substring(0, Math.max(0, podName.length() - NODE_HASH_LENGTH - 1));
    }

    @Override
    public String serviceName(String owner) {
        return owner.toLowerCase(Locale.ROOT) + "-svc";
    }

    @Override
    public Map<String, String> instanceLabels(String configuration) {
        return Map.of(MANAGED_BY, MANAGER, CONFIGURATION_LABEL, configuration);
    }

    @Override
    public Map<String, String> labels(Child child) {
        Map<String, String> labels = podTemplateLabels(child.configuration(), child.device());
        labels.put(MANAGED_BY, MANAGER);
        return labels;
    }

    @Override
    public Map<String, String> podTemplateLabels(String configuration, @Nullable String device) {
        Map<String, String> labels = new TreeMap<>();
        labels.put(CONFIGURATION_LABEL, configuration);
        if (device != null) {
            labels.put(INSTANCE_LABEL, device);
        }
        return labels;
    }

    @Override
    public Map<String, String> serviceSelector(String configuration, @Nullable String device) {
        return device == null ? Map.of(CONFIGURATION_LABEL, configuration) : Map.of(INSTANCE_LABEL, device);
    }

    @Override
    public JsonObject instanceSpec(Device device) {
        return new JsonObject();
    }

    /// As many as it has slots: another one would have nothing to do.
    @Override
    public int maxBrokers(Device device) {
        return device.capacity();
    }

    @Override
    public boolean blocksOwnerDeletion(JsonObject object) {
        return false;
    }

    @Override
    public List<String> formerFinalizers(JsonObject object) {
        return List.of();
    }

    @Override
    public boolean isFormerOwner(JsonObject entry) {
        return false;
    }

    @Override
    public List<HeldSlot> heldSlots(JsonObject instance) {
        return List.of();
    }

    @Override
    public Map<String, JsonObject> formerOwnersFields(JsonObject instance) {
        return Map.of();
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
