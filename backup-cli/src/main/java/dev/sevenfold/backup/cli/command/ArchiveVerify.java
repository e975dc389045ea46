package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.BackupCatalog;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.output.Json;
import dev.sevenfold.backup.cli.output.PointOutput;
import dev.sevenfold.backup.cli.run.Context;
import dev.sevenfold.backup.cli.run.Encrypted;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.ProgressLine;
import dev.sevenfold.backup.cli.run.Services;
import dev.sevenfold.backup.cli.run.UsageException;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.VerifiedFile;
import dev.sevenfold.backup.source.SystemProof;
import dev.sevenfold.backup.sqlite.SqliteVerifier;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code archive verify}: says whether an archive can be restored. */
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
    RestorePoint point =
        context.work().on(Config.read(config), Services::store, catalog -> catalog.verify(label));
    if (json) {
      PointOutput.printJson(context.shell(), point);
    } else {
      describe(point.tenant(), "captured at " + point.capturedAt());
    }
  }

  private void verify(Path file) {
    if (!Files.isRegularFile(file)) {
      throw new UsageException("there is no file " + file);
    }
    Encrypted.refuse(file);
    VerifiedFile verified = read(file);
    verified.system().ifPresent(this::warn);
    if (json) {
      context.shell().print(Json.text(fields(file, verified)));
    } else {
      describe(
          verified.tenant(),
          verified.system().map(ArchiveVerify::contents).orElse(contents(verified)));
    }
  }

  private VerifiedFile read(Path file) {
    try (ProgressLine progress = new ProgressLine(context.shell())) {
      Optional<Config> settings = Optional.ofNullable(config).map(Config::read);
      return BackupCatalog.verify(
          file,
          settings.map(Services::verifier).orElseGet(SqliteVerifier::plain),
          settings.flatMap(Config::scratch).orElse(Path.of(System.getProperty("java.io.tmpdir"))),
          progress::systemProgressed);
    } catch (ArchiveCorrupt e) {
      throw new ArchiveCorrupt(file + ": " + e.what(), e.advice(), e);
    }
  }

  private void warn(SystemProof system) {
    system.warnings().forEach(context.shell()::warn);
    system.findings().forEach(context.shell()::warn);
  }

  private void describe(Optional<TenantId> tenant, String contents) {
    String owner = tenant.map(id -> "tenant " + id).orElse("system");
    context.shell().print(owner + ", " + contents);
    context.shell().print("proven");
  }

  private static String contents(VerifiedFile verified) {
    return "captured at " + verified.capturedAt() + ", " + verified.rows() + " rows";
  }

  private static String contents(SystemProof system) {
    return "%d databases, %d files, %d folders, %d links, %d bytes"
        .formatted(
            system.databases().size(),
            system.files(),
            system.folders(),
            system.links(),
            system.bytes());
  }

  private static Map<String, Object> fields(Path file, VerifiedFile verified) {
    Map<String, Object> fields = Json.object("file", file, "tenant", verified.tenant());
    fields.putAll(
        verified
            .system()
            .map(
                system ->
                    Json.object(
                        "databases", system.databases().size(),
                        "files", system.files(),
                        "folders", system.folders(),
                        "links", system.links(),
                        "bytes", system.bytes()))
            .orElseGet(
                () -> Json.object("capturedAt", verified.capturedAt(), "rows", verified.rows())));
    fields.put("proven", true);
    fields.put("verified", true);
    return fields;
  }
}
