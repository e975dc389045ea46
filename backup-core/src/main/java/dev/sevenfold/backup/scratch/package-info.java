/**
 * SQLite files of our own: how they are opened, read, checked and digested. What every archive and
 * every restore stands on, whatever engine the live database has. Start from {@link
 * dev.sevenfold.backup.scratch.Session}.
 */
@NullMarked
package dev.sevenfold.backup.scratch;

import org.jspecify.annotations.NullMarked;
