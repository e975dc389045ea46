/**
 * What commands run on: the shell, the config made into services, failures and exit codes. Start
 * from {@link dev.sevenfold.backup.cli.run.Context}.
 */
@NullMarked
package dev.sevenfold.backup.cli.run;

import org.jspecify.annotations.NullMarked;
