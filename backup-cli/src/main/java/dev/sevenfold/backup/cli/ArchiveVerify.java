package dev.sevenfold.backup.cli;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.VerifiedFile;
import dev.sevenfold.backup.tenant.Label;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code archive verify}: proves that an archive can be restored. */
@Command(
    name = "verify",
    description = "Reads every byte of an archive, restores it into scratch space and compares.")
final class ArchiveVerify implements Callable<Integer> {

  /** What to verify: exactly one of the two. */
  static final class What {
    @Option(
        names = "--label",
        required = true,
        paramLabel = "L",
        description = "An archive of the store; needs --config.")
    @Nullable Label label;

    @Parameters(paramLabel = "FILE", description = "An archive file from anywhere.")
    @Nullable Path file;
  }

  @Mixin Context context;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The config file; a FILE can be verified without.")
  @Nullable Path config;

  @ArgGroup(multiplicity = "1")
  What what;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    Label label = what.label;
    if (label != null) {
      verify(label);
    } else if (what.file != null) {
      verify(what.file);
    }
    return ExitCode.DONE;
  }

  private void verify(Label label) {
    if (config == null) {
      throw new UsageException("--label needs --config, which says where the store is");
    }
    if (label.kind() == Label.Kind.SYSTEM) {
      new SystemVerify(context, json).verify(label, Config.read(config));
      return;
    }
    RestorePoint point =
        context.work().withStore(Config.read(config), backups -> backups.verify(label));
    if (json) {
      PointOutput.printJson(context.shell(), point);
    } else {
      describe(point.tenant() + ", captured at " + point.capturedAt());
    }
  }

  private void verify(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UsageException("there is no file " + file);
    }
    Encrypted.refuse(file);
    if (SystemVerify.isOfSystem(file)) {
      new SystemVerify(context, json).verify(file);
      return;
    }
    VerifiedFile verified =
        config == null
            ? context.work().withNothing(backups -> verify(backups, file))
            : context.work().withStore(Config.read(config), backups -> verify(backups, file));
    if (json) {
      printJson(file, verified);
    } else {
      describe(
          "%s, captured at %s, %d rows"
              .formatted(verified.tenant(), verified.capturedAt(), verified.rows()));
    }
  }

  private static VerifiedFile verify(BackupService backups, Path file) {
    try {
      return backups.verify(file);
    } catch (ArchiveCorrupt e) {
      throw new ArchiveCorrupt(file + ": " + e.what(), e.advice(), e);
    }
  }

  private void describe(String contents) {
    context.shell().print("tenant " + contents);
    context.shell().print("proven");
  }

  private void printJson(Path file, VerifiedFile verified) {
    context
        .shell()
        .print(
            Json.text(
                json -> {
                  json.writeStartObject();
                  json.writeStringField("file", file.toString());
                  json.writeStringField("tenant", verified.tenant().value());
                  json.writeStringField("capturedAt", verified.capturedAt().toString());
                  json.writeNumberField("rows", verified.rows());
                  json.writeBooleanField("proven", true);
                  json.writeEndObject();
                }));
  }
}
