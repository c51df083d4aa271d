/// What runs for which Configuration: one supervised discovery each.
@NullMarked
package dev.petiole.discovery.session;

import org.jspecify.annotations.NullMarked;
