package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.cli.output.PlanFile;
import dev.sevenfold.backup.cli.output.PlanOutput;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.UsageException;
import dev.sevenfold.backup.cli.run.WhichArchive;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.source.RestoreOptions;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantId;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenant restore}: one tenant goes back, everybody else goes on. */
@Command(
    name = "restore",
    description = {
      "Puts a tenant back to a restore point, while all others go on.",
      "Takes a safety backup first: see undo."
    })
final class TenantRestore implements Callable<Integer> {

  @Mixin ConfigContext context;
  @Mixin RestoreArguments arguments;

  @Option(names = "--tenant", paramLabel = "ID", description = "The tenant whose archive it is.")
  @Nullable TenantId tenant;

  @Option(names = "--label", paramLabel = "L", description = "The archive.")
  @Nullable Label label;

  @Option(
      names = "--plan",
      paramLabel = "FILE",
      description = {
        "Do exactly what preview --out showed, or refuse, with what differs. Says all the rest",
        "too; what is given beside it has to agree with it."
      })
  @Nullable Path plan;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  /** What the arguments come to; whom it is for is known when the tenants are. */
  private record Asked(
      Label label, Function<BackupService, TenantId> target, RestoreOptions options) {}

  @Override
  public Integer call() {
    arguments.part.requireNoNumber();
    Asked asked = plan == null ? asked() : shown(PlanFile.read(plan));
    RestoreReport report =
        context.onTenants(
            backups -> {
              TenantId target = asked.target().apply(backups);
              WhichArchive.of(context.shell(), json, backups.restorePoint(asked.label()))
                  .warnOfFuture(context.clock().instant());
              return backups.restore(target, asked.label(), asked.options());
            });
    if (json) {
      PlanOutput.printDoneJson(context.shell(), asked.label().value(), report);
    } else {
      WhichArchive from =
          new WhichArchive(context.shell(), false, asked.label(), report.restoredTo());
      PlanOutput.printDone(context.shell(), Optional.of(from), report);
    }
    return ExitCode.DONE;
  }

  private Asked asked() {
    if (tenant == null || label == null) {
      throw new UsageException("Name --tenant and --label, or the --plan that says them");
    }
    TenantId of = tenant;
    Label archive = label;
    return new Asked(
        archive, backups -> arguments.target(backups, of, archive), arguments.options());
  }

  /** Whoever repeats what the plan says means the same, or does not know what is in it. */
  private Asked shown(PlanFile shown) {
    requireAgreed("--label", Optional.ofNullable(label), shown.label());
    requireAgreed("--into-tenant", Optional.ofNullable(arguments.intoTenant), shown.target());
    RestoreOptions given = arguments.options();
    if (!given.equals(RestoreOptions.DEFAULT)) {
      requireAgreed("How", Optional.of(given.exactly(shown.digest())), shown.options());
    }
    return new Asked(
        shown.label(),
        backups -> {
          Optional<TenantId> named = Optional.ofNullable(tenant).map(backups::canonical);
          TenantId archived = shown.label().tenant().orElse(shown.target());
          requireAgreed("--tenant", named.filter(id -> !id.equals(archived)), shown.target());
          return shown.target();
        },
        shown.options());
  }

  private void requireAgreed(String what, Optional<?> given, Object shown) {
    if (given.isPresent() && !given.get().equals(shown)) {
      throw new UsageException(
          "%s is %s, and %s in --plan %s; leave out what the plan says"
              .formatted(what, given.get(), shown, plan));
    }
  }
}
