/// The registry: the truth about Configurations, nodes, devices and slots.
///
/// Here is only what starts the service and what every module shares by name. Modules depend on each other in the
/// order problem, revision, timer and watch, node, handler, configuration, device, slot, observation; security stands
/// beside them.
@NullMarked
package dev.petiole.registry;

import org.jspecify.annotations.NullMarked;
