package dev.petiole.registry.revision;

import java.util.function.LongFunction;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/// Reads of one consistent state: whatever is read inside belongs to the same revision.
@Component
public final class Snapshots {

    private final RevisionStore store;
    private final TransactionTemplate transactions;

    Snapshots(RevisionStore store, PlatformTransactionManager transactionManager, Engine engine) {
        this.store = store;
        this.transactions = new TransactionTemplate(transactionManager);
        // The lowest level that is one snapshot over all tables.
        transactions.setIsolationLevel(
                switch (engine) {
                    case H2 -> TransactionDefinition.ISOLATION_SERIALIZABLE;
                    case POSTGRESQL -> TransactionDefinition.ISOLATION_REPEATABLE_READ;
                });
        transactions.setReadOnly(true);
    }

    /// @param read is given the state's revision
    public <R> R read(LongFunction<R> read) {
        return transactions.execute(_ -> read.apply(store.state().revision()));
    }
}
