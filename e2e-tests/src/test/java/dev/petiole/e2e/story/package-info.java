/// What a person does with Petiole and sees of it, on a real cluster.
@NullMarked
package dev.petiole.e2e.story;

import org.jspecify.annotations.NullMarked;
