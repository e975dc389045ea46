/**
 * Encrypts archives at rest, in the format of the standard {@code age} tool. Start from {@link
 * dev.sevenfold.backup.age.AgeArchiveStore}.
 */
@NullMarked
package dev.sevenfold.backup.age;

import org.jspecify.annotations.NullMarked;
