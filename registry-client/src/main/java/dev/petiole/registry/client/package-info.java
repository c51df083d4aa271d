/// How the registry's clients speak to it: credentials, problems, list and watch.
///
/// Used by every service that is a client of the registry, and by tests. Knows the contracts and nothing of any
/// service.
@NullMarked
package dev.petiole.registry.client;

import org.jspecify.annotations.NullMarked;
