package dev.sevenfold.backup.cli.command;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.cli.config.Config;
import dev.sevenfold.backup.cli.output.Json;
import dev.sevenfold.backup.cli.run.ConfigContext;
import dev.sevenfold.backup.cli.run.ExitCode;
import dev.sevenfold.backup.cli.run.Jobs;
import dev.sevenfold.backup.cli.run.Services;
import dev.sevenfold.backup.error.BackupRefused;
import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.report.ForgottenTenant;
import dev.sevenfold.backup.report.KeptOfTenant;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantKeeper;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code tenant forget}: removes all that is kept of a tenant, and proves it. */
@Command(
    name = "forget",
    description = {
      "Removes all that is kept of a tenant on every replica: archives, safety archives, schedules;",
      "then looks again, and says what is left. Rows in the database, backups of the whole system,",
      "and the application's own links and mails it leaves. Ends with: forgotten"
    })
final class TenantForget implements Callable<Integer> {

  @Mixin ConfigContext context;

  @Option(names = "--tenant", required = true, paramLabel = "ID", description = "The tenant.")
  TenantId tenant;

  @Option(names = "--yes", description = "Do it; without this, only say what would be removed.")
  boolean yes;

  @Option(names = "--json", description = "Print one JSON value.")
  boolean json;

  @Override
  public Integer call() {
    Config config = context.tenantConfig();
    ForgottenTenant forgotten =
        Jobs.look(
            config,
            context.shell(),
            jobs ->
                context
                    .work()
                    .on(
                        config,
                        Services::tenants,
                        backups ->
                            forget(
                                backups,
                                jobs.<TenantKeeper[]>map(each -> new TenantKeeper[] {each})
                                    .orElseGet(() -> new TenantKeeper[0]))));
    print(forgotten);
    if (!forgotten.isProven()) {
      throw new StoreUnavailable(
          "Not all of tenant %s is forgotten, or nobody knows: %d things are left, %d places did not answer"
              .formatted(
                  forgotten.tenant(),
                  forgotten.left().things().size(),
                  forgotten.left().silent().size()),
          "See to what is named above, and run it again");
    }
    if (!json) {
      context.shell().print("forgotten");
    }
    return ExitCode.DONE;
  }

  private ForgottenTenant forget(BackupService backups, TenantKeeper[] keepers) {
    KeptOfTenant kept = backups.kept(tenant, keepers);
    if (kept.isNothing()) {
      Optional<BackupRefused> missing = backups.missing(tenant);
      if (missing.isPresent()) {
        throw missing.get();
      }
    }
    if (yes) {
      return backups.forget(tenant, keepers);
    }
    if (json) {
      printJson(List.of(), kept);
    } else {
      say("would remove: ", kept.things());
      say("is held: ", kept.holds());
      say("does not answer: ", kept.silent());
      say("would stay: ", kept.stays());
    }
    throw new RestoreRefused(
        "%d things of tenant %s would be removed for good, and nothing was"
            .formatted(kept.things().size(), kept.tenant()),
        List.of(),
        "Look at the list; then add --yes");
  }

  private void print(ForgottenTenant forgotten) {
    KeptOfTenant left = forgotten.left();
    if (json) {
      printJson(forgotten.removed(), left);
      return;
    }
    say("removed: ", forgotten.removed());
    say("left: ", left.things());
    say("does not answer: ", left.silent());
    say("stays: ", left.stays());
  }

  private void printJson(List<String> removed, KeptOfTenant left) {
    context
        .shell()
        .print(
            Json.text(
                Json.object(
                    "tenant", left.tenant(),
                    "removed", removed,
                    "left", left.things(),
                    "silent", left.silent(),
                    "holds", left.holds(),
                    "stays", left.stays())));
  }

  private void say(String word, List<String> lines) {
    lines.forEach(line -> context.shell().print(word + line));
  }
}
