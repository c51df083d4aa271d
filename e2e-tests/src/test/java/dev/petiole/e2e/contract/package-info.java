/// The API's contract: that a change of it does not break those who rely on it.
@NullMarked
package dev.petiole.e2e.contract;

import org.jspecify.annotations.NullMarked;
