/**
 * What the model of a database is likely to be: proposed by names, proved by rows. Start at {@link
 * dev.sevenfold.backup.suggest.Suggestions}.
 */
@NullMarked
package dev.sevenfold.backup.suggest;

import org.jspecify.annotations.NullMarked;
