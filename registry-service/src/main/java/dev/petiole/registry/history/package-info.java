/// What happened to devices, kept for a time: what, who, when and why.
///
/// Written in the transaction of the change itself; what a change means is decided by those who make it.
@NullMarked
package dev.petiole.registry.history;

import org.jspecify.annotations.NullMarked;
