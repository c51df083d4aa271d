/// Configurations, who manages them, and which nodes they concern.
///
/// Other modules hear of changes through [dev.petiole.registry.configuration.ConfigurationListener], inside the same
/// transaction.
@NullMarked
package dev.petiole.registry.configuration;

import org.jspecify.annotations.NullMarked;
