package dev.petiole.registry.configuration;

import static dev.petiole.registry.LogKeys.CONFIGURATION;

import dev.petiole.api.configuration.Configuration;
import dev.petiole.api.configuration.Configuration.ManagedBy;
import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.api.configuration.ConfigurationStatus.MirrorFault;
import dev.petiole.api.configuration.ConfigurationWrite;
import dev.petiole.api.watch.ListPage;
import dev.petiole.registry.dialect.Dialect;
import dev.petiole.registry.handler.Handlers;
import dev.petiole.registry.node.NodeListener;
import dev.petiole.registry.node.Nodes;
import dev.petiole.registry.node.Recovery;
import dev.petiole.registry.problem.FieldError;
import dev.petiole.registry.problem.InvalidFields;
import dev.petiole.registry.problem.NotFound;
import dev.petiole.registry.problem.TooLarge;
import dev.petiole.registry.query.ListQuery;
import dev.petiole.registry.revision.Bodies;
import dev.petiole.registry.revision.Cursor;
import dev.petiole.registry.revision.EpochListener;
import dev.petiole.registry.revision.IfMatch;
import dev.petiole.registry.revision.Pages;
import dev.petiole.registry.revision.RegistryWriter;
import dev.petiole.registry.revision.RevisionLog;
import dev.petiole.registry.revision.Versioned;
import dev.petiole.registry.revision.WriteTransaction;
import dev.petiole.registry.watch.WatchFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// All Configurations.
@Component
public final class Configurations implements NodeListener, EpochListener {

    private static final Logger log = LoggerFactory.getLogger(Configurations.class);

    // As much as Kubernetes stores in an object, nearly.
    private static final int MAX_SPEC = 500_000;

    private final Bodies bodies;
    private final ConfigurationStore store;
    private final Nodes nodes;
    private final Handlers handlers;
    private final Recovery recovery;
    private final ObjectProvider<ConfigurationListener> listeners;
    private final RegistryWriter writer;
    private final RevisionLog revisions;
    private final Pages pages;
    private final Authorship authorship;

    Configurations(
            Bodies bodies,
            ConfigurationStore store,
            Nodes nodes,
            Handlers handlers,
            Recovery recovery,
            ObjectProvider<ConfigurationListener> listeners,
            RegistryWriter writer,
            RevisionLog revisions,
            Pages pages,
            Authorship authorship) {
        this.authorship = authorship;
        this.bodies = bodies;
        this.store = store;
        this.nodes = nodes;
        this.handlers = handlers;
        this.recovery = recovery;
        this.listeners = listeners;
        this.writer = writer;
        this.revisions = revisions;
        this.pages = pages;
    }

    /// @throws dev.petiole.registry.problem.InvalidFields if these can't name a Configuration
    public static ConfigurationKey key(String group, String namespace, String name) {
        return ConfigurationRules.key(group, namespace, name);
    }

    /// @return the Configuration as it is within this transaction
    public Optional<ConfigurationRecord> find(ConfigurationKey key) {
        return store.find(key).map(Versioned::value);
    }

    /// Changes what is known of a Configuration, but not its spec; does nothing if there is none.
    public void amend(
            WriteTransaction transaction, ConfigurationKey key, UnaryOperator<ConfigurationRecord> amendment) {
        store.find(key).ifPresent(before -> store.put(transaction, before, reviewed(amendment.apply(before.value()))));
    }

    /// @param fault why a Configuration of the registry's own can't be shown in the cluster; null if it is shown
    void reportMirror(ConfigurationKey key, @Nullable MirrorFault fault) {
        writer.write(transaction -> {
            ConfigurationRecord before =
                    store.find(key).map(Versioned::value).orElseThrow(() -> new NotFound("Configuration " + key));
            if (before.managedBy() == ManagedBy.REGISTRY) {
                amend(transaction, key, current -> current.withMirrorFault(fault));
            }
            return key;
        });
    }

    Configuration get(ConfigurationKey key) {
        return view(store.find(key).orElseThrow(() -> new NotFound("Configuration " + key)));
    }

    ListPage<Configuration> list(ListQuery query) {
        ConfigurationFilter filter = ConfigurationFilter.of(query);
        List<String> after = query.position(3, revisions.epoch());
        return pages.page(
                Cursor.limit(query.limit()),
                atMost -> listMatching(filter, after, atMost),
                configuration -> query.after(parts(configuration.key())),
                ConfigurationRecord::toApi);
    }

    WatchFilter<ConfigurationRecord> watch(ConfigurationFilter filter) {
        return new WatchFilter<>(
                ConfigurationRecord.KIND,
                filter::matches,
                (key, limit) -> listMatching(filter, key, limit),
                configuration -> parts(configuration.key()),
                List.of("", "", ""));
    }

    /// @throws AlreadyExists if there is one of this key
    Configuration create(ConfigurationKey key, ConfigurationWrite write) {
        demandSound(write);
        authorship.demand(key, write.spec());
        return view(writer.write(transaction -> {
            if (store.find(key).isPresent()) {
                throw new AlreadyExists(key);
            }
            return create(transaction, key, write);
        }));
    }

    Configuration put(ConfigurationKey key, ConfigurationWrite given, IfMatch ifMatch) {
        ConfigurationWrite write = authorship.speaksForTheCluster() ? given : given.ofPerson();
        demandSound(write);
        demandTheirs(key, write.spec());
        return view(writer.write(transaction -> put(transaction, key, write, ifMatch)));
    }

    /// Changes what a person wrote.
    ///
    /// @param change is given labels and spec as they are
    Configuration change(ConfigurationKey key, UnaryOperator<ConfigurationWrite> change, IfMatch ifMatch) {
        // Asked before, since nobody else waits for a write that waits for an answer of the cluster.
        store.find(key)
                .map(Versioned::value)
                .ifPresent(now -> demandTheirs(
                        key,
                        change.apply(new ConfigurationWrite(null, null, now.labels(), now.spec()))
                                .spec()));
        return view(writer.write(transaction -> {
            Versioned<ConfigurationRecord> present =
                    store.find(key).orElseThrow(() -> new NotFound("Configuration " + key));
            ConfigurationRecord before = present.value();
            ConfigurationWrite write = change.apply(new ConfigurationWrite(null, null, before.labels(), before.spec()));
            demandSound(write);
            return edit(transaction, present, write, ifMatch);
        }));
    }

    /// @param given the object's UID, from who speaks for the cluster: a person removes no copy of a Kubernetes object
    void delete(ConfigurationKey key, @Nullable String given, IfMatch ifMatch) {
        String uid = authorship.speaksForTheCluster() ? given : null;
        writer.write(transaction -> {
            Versioned<ConfigurationRecord> present = store.find(key).orElse(null);
            if (present == null) {
                return false;
            }
            ConfigurationRecord before = present.value();
            boolean isKubernetes = before.managedBy() == ManagedBy.KUBERNETES;
            if (uid != null && !(isKubernetes && uid.equals(before.uid()))) {
                return false;
            }
            if (uid == null) {
                demandOurs(before);
                ifMatch.demand("Configuration " + key, revisions.at(store.editedAt(key)), present.revision());
            }
            remove(transaction, present);
            return true;
        });
    }

    @Override
    public void nodeFactsChanged(WriteTransaction transaction) {
        Map<String, Map<String, String>> labels = nodes.labels();
        for (Versioned<ConfigurationRecord> before : store.list()) {
            if (!before.value().spec().nodeSelector().isEmpty()) {
                change(transaction, before, before.value().retargeted(labels));
            }
        }
    }

    /// What a restored database says of nodes is what they said then.
    @Override
    public void epochBegins(WriteTransaction transaction) {
        for (Versioned<ConfigurationRecord> before : store.list()) {
            ConfigurationRecord unheard = before.value().withoutDiscoveries(_ -> true);
            store.put(transaction, before, recovery.isEnabled() ? unheard.awaiting(List.of()) : unheard);
        }
    }

    @Override
    public void nodesHeard(WriteTransaction transaction) {
        for (Versioned<ConfigurationRecord> before : store.list()) {
            store.put(transaction, before, reviewed(before.value()));
        }
    }

    @Override
    public void nodeGone(WriteTransaction transaction, String node) {
        for (Versioned<ConfigurationRecord> before : store.list()) {
            store.put(transaction, before, before.value().withoutDiscoveries(node::equals));
        }
    }

    private Versioned<ConfigurationRecord> put(
            WriteTransaction transaction, ConfigurationKey key, ConfigurationWrite write, IfMatch ifMatch) {
        Versioned<ConfigurationRecord> present = store.find(key).orElse(null);
        if (present == null) {
            ifMatch.demandNone("Configuration " + key);
            return create(transaction, key, write);
        }
        ConfigurationRecord before = present.value();
        // Whoever writes back what was read says the registry's own uid.
        boolean isReadHere =
                before.managedBy() == ManagedBy.REGISTRY && before.uid().equals(write.uid());
        if (write.uid() == null || isReadHere) {
            return edit(transaction, present, write, ifMatch);
        }
        if (before.managedBy() == ManagedBy.REGISTRY) {
            throw ManagedElsewhere.inRegistry(key);
        }
        if (!write.uid().equals(before.uid())) {
            remove(transaction, present);
            return create(transaction, key, write);
        }
        long generation = Objects.requireNonNull(write.generation());
        // One that comes late says what was, not what is.
        return generation < before.generation() ? present : replace(transaction, present, write, generation);
    }

    /// A person's change.
    private Versioned<ConfigurationRecord> edit(
            WriteTransaction transaction,
            Versioned<ConfigurationRecord> present,
            ConfigurationWrite write,
            IfMatch ifMatch) {
        ConfigurationRecord before = present.value();
        demandOurs(before);
        boolean isSame = write.spec().equals(before.spec());
        if (isSame && write.labels().equals(before.labels())) {
            // Said again, since the answer was lost perhaps.
            return present;
        }
        ifMatch.demand("Configuration " + before.key(), revisions.at(store.editedAt(before.key())), present.revision());
        return replace(transaction, present, write, isSame ? before.generation() : before.generation() + 1);
    }

    /// Who changes something else is not asked about what another has made.
    private void demandTheirs(ConfigurationKey key, ConfigurationSpec spec) {
        boolean isSame =
                store.find(key).filter(now -> now.value().spec().equals(spec)).isPresent();
        if (!isSame) {
            authorship.demand(key, spec);
        }
    }

    private static void demandOurs(ConfigurationRecord configuration) {
        if (configuration.managedBy() == ManagedBy.KUBERNETES) {
            throw ManagedElsewhere.inKubernetes(configuration.key());
        }
    }

    /// A Configuration that Kubernetes manages is there already, whatever its details: what is wrong with them
    /// is told by the discovery services, in its status.
    private void demandSound(ConfigurationWrite write) {
        if (write.uid() == null) {
            List<FieldError> errors = handlers.check(write.spec().discoveryHandler());
            if (!errors.isEmpty()) {
                throw new InvalidFields(errors);
            }
        }
        if (bodies.write(write.spec()).length() > MAX_SPEC) {
            throw new TooLarge("A Configuration's spec may have at most " + MAX_SPEC + " characters.");
        }
    }

    private Versioned<ConfigurationRecord> create(
            WriteTransaction transaction, ConfigurationKey key, ConfigurationWrite write) {
        if (Dialect.of(key).isNameForWholeCluster()) {
            refuseTaken(key);
        }
        Long generation = write.generation();
        ConfigurationRecord created = write.uid() == null
                ? ConfigurationRecord.of(key, UUID.randomUUID().toString(), 1, ManagedBy.REGISTRY, write.spec())
                : ConfigurationRecord.of(
                        key, write.uid(), Objects.requireNonNull(generation), ManagedBy.KUBERNETES, write.spec());
        log.atInfo().addKeyValue(CONFIGURATION, key).log("configuration created");
        ConfigurationRecord labelled = created.withLabels(write.labels());
        boolean wasLost = recovery.isEnabled() && write.uid() != null && Boolean.TRUE.equals(write.exposed());
        ConfigurationRecord present = wasLost ? labelled.awaiting(List.of()) : labelled;
        return store.put(transaction, null, reviewed(present.retargeted(nodes.labels())));
    }

    /// A recovering Configuration waits for each node that may expose its devices to say what it sees, and to
    /// have told which slots it uses.
    private ConfigurationRecord reviewed(ConfigurationRecord configuration) {
        if (!configuration.isRecovering() || !recovery.knowsNodes()) {
            return configuration;
        }
        Set<String> unaccounted = Set.copyOf(recovery.unaccounted());
        List<String> awaited = recovery.nodesThatMayHold().stream()
                .filter(configuration::isFor)
                .filter(node -> unaccounted.contains(node)
                        || configuration.findDiscovery(node).isEmpty())
                .toList();
        if (awaited.isEmpty()) {
            log.atInfo().addKeyValue(CONFIGURATION, configuration.key()).log("configuration has recovered");
        }
        return configuration.awaiting(awaited.isEmpty() ? null : awaited);
    }

    private void refuseTaken(ConfigurationKey key) {
        store.findNamesake(key).ifPresent(namespace -> {
            throw new NameTaken(
                    key,
                    "is taken by the Configuration of the namespace " + namespace + ". Give this one another name");
        });
        listeners.stream()
                .flatMap(listener -> listener.findRemains(key).stream())
                .findFirst()
                .ifPresent(namespace -> {
                    throw new NameTaken(
                            key,
                            "is taken until the last Pod gives back a device of the Configuration that was in the "
                                    + "namespace " + namespace);
                });
    }

    private Versioned<ConfigurationRecord> replace(
            WriteTransaction transaction,
            Versioned<ConfigurationRecord> before,
            ConfigurationWrite write,
            long generation) {
        ConfigurationRecord after = before.value()
                .withSpec(write.spec(), generation)
                .withLabels(write.labels())
                .retargeted(nodes.labels());
        return change(transaction, before, after);
    }

    private Versioned<ConfigurationRecord> change(
            WriteTransaction transaction, Versioned<ConfigurationRecord> before, ConfigurationRecord after) {
        if (before.value().equals(after)) {
            return before;
        }
        store.put(transaction, before, after);
        log.atInfo().addKeyValue(CONFIGURATION, after.key()).log("configuration changed");
        listeners.forEach(listener -> listener.configurationChanged(transaction, before.value(), after));
        return store.find(after.key()).orElseThrow();
    }

    private void remove(WriteTransaction transaction, Versioned<ConfigurationRecord> configuration) {
        listeners.forEach(listener -> listener.configurationRemoved(transaction, configuration.value()));
        store.remove(transaction, configuration);
        log.atInfo().addKeyValue(CONFIGURATION, configuration.value().key()).log("configuration removed");
    }

    /// A selector is evaluated here, so pages are filled from as many rows as it takes.
    private List<Versioned<ConfigurationRecord>> listMatching(
            ConfigurationFilter filter, List<String> after, int atMost) {
        List<Versioned<ConfigurationRecord>> matching = new ArrayList<>();
        List<String> position = after;
        while (matching.size() < atMost) {
            List<Versioned<ConfigurationRecord>> rows =
                    store.listAfter(position, filter.group(), filter.namespace(), atMost);
            rows.stream().filter(row -> filter.matches(row.value())).forEach(matching::add);
            if (rows.size() < atMost) {
                break;
            }
            position = parts(rows.getLast().value().key());
        }
        return matching.subList(0, Math.min(atMost, matching.size()));
    }

    private Configuration view(Versioned<ConfigurationRecord> configuration) {
        return configuration
                .value()
                .toApi(revisions.at(configuration.revision()).toString());
    }

    private static List<String> parts(ConfigurationKey key) {
        return List.of(key.group(), key.namespace(), key.name());
    }
}
