package dev.sevenfold.examples.quickstart;

import dev.sevenfold.backup.BackupService;
import dev.sevenfold.backup.report.BackupReport;
import dev.sevenfold.backup.report.RestorePoint;
import dev.sevenfold.backup.report.RestoreReport;
import dev.sevenfold.backup.source.RestorePlan;
import dev.sevenfold.backup.sqlite.SqliteTenantSource;
import dev.sevenfold.backup.store.DirectoryArchiveStore;
import dev.sevenfold.backup.tenant.TenantId;
import dev.sevenfold.backup.tenant.TenantModel;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Three bakeries share one database. One of them spoils its data, and gets it back while the others
 * go on selling.
 */
public final class Quickstart {

  private static final TenantId TULIP = TenantId.of(1);
  private static final TenantId ROSE = TenantId.of(2);
  private static final TenantId LILY = TenantId.of(3);

  private final PrintStream out;
  private final Bakeries bakeries;

  Quickstart(PrintStream out, Path folder) {
    this.out = out;
    this.bakeries = Bakeries.create(folder);
  }

  /**
   * Tells the story on standard output.
   *
   * @param arguments none
   * @throws Exception if it ends badly
   */
  public static void main(String[] arguments) throws Exception {
    Path folder = Files.createTempDirectory("sevenfold-quickstart-");
    new Quickstart(System.out, folder).run();
    System.out.println("\nLook around in " + folder + ", and delete it when you are done.");
  }

  /** The library, set up: which database, who owns which row, where archives go. */
  private BackupService service() {
    TenantModel model =
        TenantModel.rootedAt("bakeries")
            .column("bakery_id") // customers and photos have it; orders and their lines hang below
            .polymorphic("notes", "about_type", "about_id", Map.of("Customer", "customers"))
            .shared("countries")
            .ignored("sessions")
            .files(bakeries.photos(), "photos", "{key[0..2]}/{key}")
            .build();
    return BackupService.builder(
            SqliteTenantSource.builder(bakeries.database(), model).build(),
            DirectoryArchiveStore.at(bakeries.archives()))
        .build();
  }

  void run() throws Exception {
    try (BackupService backups = service()) {
      say("1. One database, three tenants. Who owns what?");
      print(bakeries.describe());
      print(backups.explain());

      say("2. Back up the Rose Bakery alone.");
      BackupReport report = backups.backup(ROSE);
      print(report);

      say("3. The disaster: somebody at the Rose Bakery renames every customer and deletes some.");
      String rose = bakeries.fingerprint(ROSE);
      String lily = bakeries.fingerprint(LILY);
      bakeries.disaster(ROSE);
      print(bakeries.describe());

      say("4. What would a restore change?");
      print(backups.preview(ROSE, report.restorePoint().label()));

      say("5. Restore, while the Tulip Bakery goes on selling.");
      restoreWhileTulipSells(backups, report.restorePoint());
      print(bakeries.describe());
      check("The Rose Bakery is as it was, row by row and file by file", rose, ROSE);
      check("The Lily Bakery never noticed", lily, LILY);

      say("6. The wrong day? Undo; and undo the undoing.");
      backups.undo(ROSE);
      print(bakeries.describe());
      backups.undo(ROSE);
      check("The Rose Bakery is as it was once more", rose, ROSE);
    }
  }

  private void restoreWhileTulipSells(BackupService backups, RestorePoint point) throws Exception {
    try (Sales sales = Sales.start(bakeries, TULIP)) {
      sales.awaitMore();
      RestoreReport report = backups.restore(ROSE, point.label());
      sales.awaitMore();
      sales.stop();
      print("Restored to " + report.restoredTo() + ".");
      report.safety().ifPresent(safety -> print("It can be undone with " + safety.label() + "."));
      print("The Tulip Bakery took " + sales.count() + " orders meanwhile; none is lost.");
    }
  }

  private void check(String what, String before, TenantId bakery) {
    String now = bakeries.fingerprint(bakery);
    if (!now.equals(before)) {
      throw new IllegalStateException("Not so: \"" + what + "\"");
    }
    print(what + ": " + now);
  }

  private void print(BackupReport report) {
    print(
        "%s holds %d rows and %d files in %d bytes;"
            .formatted(
                report.restorePoint().label(),
                report.rows(),
                report.files(),
                report.restorePoint().sizeBytes()));
    print("it was read back and restored into scratch space: verified.");
  }

  private void print(RestorePlan plan) {
    for (RestorePlan.TableChange change : plan.tables()) {
      print(
          "%-12s %2d inserted, %2d updated, %2d deleted, %2d left alone"
              .formatted(
                  change.table(),
                  change.inserted(),
                  change.updated(),
                  change.deleted(),
                  change.unchanged()));
    }
    print("files        %2d written".formatted(plan.files().written()));
  }

  private void say(String title) {
    out.println("\n" + title);
  }

  private void print(String text) {
    out.println(text.stripTrailing().indent(3).stripTrailing());
  }
}
