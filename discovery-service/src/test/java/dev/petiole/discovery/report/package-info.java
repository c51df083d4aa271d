@NullMarked
package dev.petiole.discovery.report;

import org.jspecify.annotations.NullMarked;
