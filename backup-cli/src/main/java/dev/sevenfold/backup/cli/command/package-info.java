/**
 * What an operator can say: one class a command. Start from {@link
 * dev.sevenfold.backup.cli.command.CommandGroups}.
 */
@NullMarked
package dev.sevenfold.backup.cli.command;

import org.jspecify.annotations.NullMarked;
