/// The Kubernetes API as the scheduler sees it: a cache of what is, and the few calls that change it.
///
/// Objects are JSON trees, read-only once they come from the cache. Knows nothing of devices; every module may use it.
@NullMarked
package dev.petiole.scheduler.kubernetes;

import org.jspecify.annotations.NullMarked;
