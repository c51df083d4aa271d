package dev.petiole.registry.security;

import dev.petiole.api.caller.CallerApi;
import dev.petiole.api.caller.Me;
import dev.petiole.api.caller.Me.Kind;
import dev.petiole.api.caller.Me.Permission;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.springframework.web.bind.annotation.RestController;

@RestController
@Tag(name = "Me", description = "Who calls, and what they may do")
final class CallerController implements CallerApi {

    private final Actors actors;

    CallerController(Actors actors) {
        this.actors = actors;
    }

    @Override
    @Operation(operationId = "getMe", summary = "Read who I am and what I may do")
    public Me me() {
        Actor actor = actors.current();
        List<String> roles = actor.roles().stream()
                .sorted()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .toList();
        return new Me(actor.name(), kind(actor), actor.node(), roles, permissions(actor));
    }

    private static Kind kind(Actor actor) {
        if (actor.name().equals(Actor.ANONYMOUS)) {
            return Kind.ANONYMOUS;
        }
        return actor.is(Role.AGENT) || actor.is(Role.SCHEDULER) ? Kind.SERVICE : Kind.PERSON;
    }

    private static List<Permission> permissions(Actor actor) {
        boolean reads = actor.is(Role.VIEWER) || actor.is(Role.SCHEDULER);
        boolean decides = actor.is(Role.OPERATOR) || actor.is(Role.SCHEDULER);
        boolean writes = actor.is(Role.ADMIN) || actor.is(Role.SCHEDULER);
        List<Permission> permissions = new ArrayList<>();
        if (reads) {
            permissions.add(new Permission(
                    "configurations", writes ? List.of("read", "create", "change", "remove") : List.of("read")));
            permissions.add(new Permission("devices", decides ? List.of("read", "decide") : List.of("read")));
            permissions.add(new Permission("handlers", List.of("read")));
            permissions.add(new Permission("nodes", List.of("read")));
        }
        if (actor.is(Role.AGENT)) {
            permissions.add(new Permission("agents", List.of("report")));
        }
        return permissions;
    }
}
