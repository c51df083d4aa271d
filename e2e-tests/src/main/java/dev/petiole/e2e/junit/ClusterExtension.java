package dev.petiole.e2e.junit;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.petiole.e2e.cluster.Cluster;
import dev.petiole.e2e.cluster.Kubectl;
import dev.petiole.e2e.installation.Installation;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Gives test classes the cluster that all of this JVM share.
final class ClusterExtension implements BeforeAllCallback, ParameterResolver {

    private static final ExtensionContext.Namespace STORE = ExtensionContext.Namespace.create(ClusterExtension.class);
    private static final Set<Class<?>> TYPES =
            Set.of(Cluster.class, Kubectl.class, Installation.class, TestNamespace.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        SharedCluster shared = shared(context);
        if (shared.find().isEmpty()) {
            String message = "no cluster: " + shared.reason();
            if ("required".equals(System.getProperty("e2e"))) {
                fail(message);
            }
            abort(message);
        }
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return TYPES.contains(parameter.getParameter().getType());
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        SharedCluster shared = shared(context);
        if (type == Cluster.class) {
            return shared.get();
        }
        if (type == Kubectl.class) {
            return shared.get().kubectl();
        }
        if (type == Installation.class) {
            return shared.installation();
        }
        return namespace(context, shared.get().kubectl()).namespace();
    }

    private static SharedCluster shared(ExtensionContext context) {
        return context.getRoot()
                .getStore(STORE)
                .computeIfAbsent(SharedCluster.class, _ -> new SharedCluster(), SharedCluster.class);
    }

    private static OwnedNamespace namespace(ExtensionContext context, Kubectl kubectl) {
        Class<?> testClass = context.getRequiredTestClass();
        return context.getRoot()
                .getStore(STORE)
                .computeIfAbsent(testClass, _ -> OwnedNamespace.create(kubectl, testClass), OwnedNamespace.class);
    }

    /// A namespace in a store, which closes what it holds in the reverse order of its making.
    private record OwnedNamespace(Kubectl kubectl, TestNamespace namespace) implements AutoCloseable {

        static OwnedNamespace create(Kubectl kubectl, Class<?> testClass) {
            byte[] suffix = new byte[3];
            ThreadLocalRandom.current().nextBytes(suffix);
            String name = "%s-%s"
                    .formatted(
                            testClass.getSimpleName().toLowerCase(Locale.ROOT),
                            HexFormat.of().formatHex(suffix));
            kubectl.output("create", "namespace", name);
            return new OwnedNamespace(kubectl, new TestNamespace(name));
        }

        @Override
        public void close() {
            kubectl.run(Duration.ofMinutes(3), "delete", "namespace", namespace.name(), "--timeout=150s")
                    .orThrow();
        }
    }
}
