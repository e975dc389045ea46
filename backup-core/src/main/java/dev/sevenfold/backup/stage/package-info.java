/**
 * The archive in today's shape: what the schema gained and lost, the host's rules, new ids. Start
 * from {@link dev.sevenfold.backup.stage.Stage}.
 */
@NullMarked
package dev.sevenfold.backup.stage;

import org.jspecify.annotations.NullMarked;
