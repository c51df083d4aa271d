package dev.petiole.registry.security;

import dev.petiole.api.configuration.ConfigurationKey;
import dev.petiole.api.configuration.ConfigurationSpec;
import dev.petiole.registry.configuration.Authorship;
import dev.petiole.registry.configuration.Need;
import dev.petiole.registry.problem.ProblemType;
import dev.petiole.registry.problem.Refusal;
import dev.petiole.registry.security.SecurityProperties.Mode;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.stereotype.Component;

/// Asks the cluster's authorizer about the caller. Where nobody logs in there is no cluster to ask; the scheduler only
/// brings in what its API server has judged.
@Component
final class KubernetesAuthorship implements Authorship {

    private final SecurityProperties properties;
    private final Actors actors;
    private final ObjectProvider<KubernetesReviews> reviews;

    KubernetesAuthorship(SecurityProperties properties, Actors actors, ObjectProvider<KubernetesReviews> reviews) {
        this.properties = properties;
        this.actors = actors;
        this.reviews = reviews;
    }

    @Override
    public void demand(ConfigurationKey key, ConfigurationSpec spec) {
        if (speaksForTheCluster()) {
            return;
        }
        List<Need> needs = Need.of(key, spec);
        if (needs.isEmpty()) {
            return;
        }
        KubernetesUser user = actors.kubernetesUser()
                .orElseThrow(() -> new NotTheirs(needs.getFirst().field() + ": the cluster does not know "
                        + actors.current().name() + ", so it can't be asked whether they may "
                        + needs.getFirst().told() + " (remedy: make the Configuration with kubectl or with the token of"
                        + " a Kubernetes user; or set petiole.security.oidc.kubernetes-users if the API server knows the"
                        + " provider's users by the same names)"));
        for (Need need : needs) {
            if (!isAllowed(user, need)) {
                throw new NotTheirs(need.field() + ": " + user.name() + " may not " + need.told()
                        + ", so Petiole does not do it for them (remedy: the right to do so)");
            }
        }
    }

    @Override
    public boolean speaksForTheCluster() {
        return properties.mode() == Mode.NONE || actors.current().is(Role.SCHEDULER);
    }

    private boolean isAllowed(KubernetesUser user, Need need) {
        try {
            return reviews.getObject().allows(user, need);
        } catch (AuthenticationServiceException e) {
            throw new Unanswered(String.valueOf(e.getMessage()));
        }
    }

    private static final class NotTheirs extends Refusal {

        private static final long serialVersionUID = 1L;

        NotTheirs(String message) {
            super(ProblemType.FORBIDDEN, message);
        }
    }

    private static final class Unanswered extends Refusal {

        private static final long serialVersionUID = 1L;

        Unanswered(String message) {
            super(ProblemType.AUTHENTICATION_UNAVAILABLE, message);
        }
    }
}
