/**
 * Applications that nobody wrote: schemas and rows drawn by seed, of which it is known whose each
 * row is. Start at {@link dev.sevenfold.backup.cli.generated.GeneratedApplicationsTest}.
 */
@NullMarked
package dev.sevenfold.backup.cli.generated;

import org.jspecify.annotations.NullMarked;
