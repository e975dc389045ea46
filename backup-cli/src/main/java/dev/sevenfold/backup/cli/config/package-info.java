/**
 * The config file of the command line: YAML, read strictly. Start from {@link
 * dev.sevenfold.backup.cli.config.Config}.
 */
@NullMarked
package dev.sevenfold.backup.cli.config;

import org.jspecify.annotations.NullMarked;
