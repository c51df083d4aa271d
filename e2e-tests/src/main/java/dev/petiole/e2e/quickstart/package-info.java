/// The main job in one command: from a cluster to devices, Instances, brokers and their stock counts.
@NullMarked
package dev.petiole.e2e.quickstart;

import org.jspecify.annotations.NullMarked;
