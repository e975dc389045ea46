package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.SystemBackups;
import dev.sevenfold.backup.cli.run.Arguments;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Services;
import dev.sevenfold.backup.cli.run.Systems;
import dev.sevenfold.backup.cli.run.UsageException;
import dev.sevenfold.backup.cli.run.WhichArchive;
import dev.sevenfold.backup.report.ArchiveList;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.source.RestoredSystem;
import dev.sevenfold.backup.sqlite.SqliteSystemTarget;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code system restore}: puts the files in place, modes and all. */
@Command(
    name = "restore",
    description =
        "Puts a backup of the whole system into a folder; the system must not be running.")
final class SystemRestoreInto implements Callable<Integer> {

  private static final String LATEST = "latest";
  private static final String REMOVED = ", not there: the application makes it anew";

  /** What was done, and which backup it was done with. */
  private record Done(WhichArchive from, RestoredSystem restored) {}

  @Mixin ConfigContext context;

  @Option(
      names = "--label",
      required = true,
      paramLabel = "L|latest",
      description = "The backup; latest is the verified one that was made last.")
  String label;

  @Option(names = "--into", required = true, paramLabel = "DIR", description = "The folder.")
  Path into;

  @Option(
      names = "--even-if-open",
      description = "Restore even if a process has a database open; what it writes is lost.")
  boolean evenIfOpen;

  @Option(
      names = "--discard-replaced",
      description = "Delete what was there, once what is new is in its place.")
  boolean discardReplaced;

  @Option(
      names = "--accept-findings",
      description =
          "Restore databases that are whole and yet not as their own schema has it: a damaged"
              + " search index, a value that its column does not allow.")
  boolean acceptFindings;

  @Option(
      names = "--place",
      paramLabel = "NAME=PATH",
      description =
          "Put a part of the system elsewhere below the folder than the archive says; may be given"
              + " several times.")
  Map<String, String> elsewhere = Map.of();

  @Override
  public Integer call() {
    SqliteSystemTarget.Builder target = target();
    Optional<Label> named = named();
    Done done =
        context
            .work()
            .on(
                context.config(),
                Services::systemRestore,
                backups -> restore(backups, named.map(backups::restorePoint), target.build()));
    RestoredSystem restored = done.restored();
    restored.notes().forEach(note -> context.shell().print("note: " + note));
    restored
        .places()
        .forEach(
            (name, path) ->
                context.shell().print(name + ": " + path + (isThere(path) ? "" : REMOVED)));
    restored.replaced().forEach(old -> context.shell().print("what was there: " + old));
    done.from().done();
    context.shell().print("restored");
    return ExitCode.DONE;
  }

  private Done restore(
      SystemBackups backups, Optional<RestorePoint> named, SqliteSystemTarget target) {
    RestorePoint point = named.orElseGet(() -> latest(backups));
    WhichArchive from =
        WhichArchive.of(context.shell(), false, point).announce(context.clock().instant());
    return new Done(from, backups.restore(point.label(), target));
  }

  /** The newest that can be restored; with a word on those that would be newer. */
  private RestorePoint latest(SystemBackups backups) {
    RestorePoint latest = backups.latest();
    ArchiveList all = backups.list(ArchiveOwner.system());
    all.maybeNewer(latest)
        .forEach(
            archive ->
                context
                    .shell()
                    .warn(
                        archive.label()
                            + " is, or may be, newer, and cannot be read: "
                            + archive.reason()));
    all.points().stream()
        .filter(point -> !point.verified() && point.isNewerThan(latest))
        .forEach(point -> context.shell().warn(point.label() + " is newer, and not verified"));
    return latest;
  }

  /** The backup that is named; empty for the latest one. */
  private Optional<Label> named() {
    try {
      return label.equals(LATEST) ? Optional.empty() : Optional.of(Arguments.label(label));
    } catch (TypeConversionException e) {
      throw new UsageException("--label: " + e.getMessage());
    }
  }

  private SqliteSystemTarget.Builder target() {
    SqliteSystemTarget.Builder target = Systems.target(context.config(), into);
    try {
      elsewhere.forEach(target::place);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--place: " + e.getMessage());
    }
    if (evenIfOpen) {
      target.evenIfOpen();
    }
    if (acceptFindings) {
      target.acceptFindings();
    }
    if (discardReplaced) {
      target.discardReplaced();
    }
    return target;
  }

  private static boolean isThere(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }
}
