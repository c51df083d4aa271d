/// How a refusal looks to a client: RFC 9457 problems, every one of them listed in docs/problems.md.
///
/// Any module may throw a [dev.petiole.registry.problem.Refusal]; this one knows no other.
@NullMarked
package dev.petiole.registry.problem;

import org.jspecify.annotations.NullMarked;
