package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator finds after a restore that was killed. */
class KilledRestoreTest {

  @TempDir Path folder;
  Shop shop;
  String label;
  Map<String, List<String>> restored;

  @BeforeEach
  void restore_once_and_go_on() throws IOException {
    shop = Shop.create(folder, 3);
    label = shop.backup(1);
    restored = shop.dump();
    shop.execute("UPDATE customers SET name = 'before the first restore' WHERE tenant_id = 1");
    Cli.done(shop.withConfig("tenant", "restore", "--tenant", "1", "--label", label));
    shop.execute("UPDATE customers SET name = 'before the second' WHERE tenant_id = 1");
  }

  @Test
  void undo_takes_back_a_restore_that_was_committed() throws Exception {
    Map<String, List<String>> before = shop.dump();
    KilledRestore.run(shop, label, KilledRestore.AFTER_THE_COMMIT);
    assertThat(shop.dump()).isEqualTo(restored);

    Cli undo = shop.cli("tenant", "undo", "--tenant", "1");

    assertThat(undo.code()).as("%s", undo).isZero();
    assertThat(undo.lastLine()).isEqualTo("restored");
    assertThat(undo.firstError()).startsWith("sevenfold: note: Completed the restore of tenant 1");
    assertThat(shop.dump()).isEqualTo(before);
  }

  @Test
  void undo_takes_back_the_one_before_where_nothing_was_committed() throws Exception {
    Map<String, List<String>> before = shop.dump();
    KilledRestore.run(shop, label, KilledRestore.BEFORE_THE_COMMIT);
    assertThat(shop.dump()).isEqualTo(before);

    Cli undo = shop.cli("tenant", "undo", "--tenant", "1");

    assertThat(undo.code()).as("%s", undo).isZero();
    assertThat(undo.firstError()).startsWith("sevenfold: note: Reverted the restore of tenant 1");
    assertThat(shop.count("SELECT count(*) FROM customers WHERE name = 'before the first restore'"))
        .isEqualTo(shop.count("SELECT count(*) FROM customers WHERE tenant_id = 1"));
  }

  @Test
  void a_list_finishes_it_too() throws Exception {
    KilledRestore.run(shop, label, KilledRestore.AFTER_THE_COMMIT);

    Cli list = shop.cli("tenant", "list", "--tenant", "1", "--safety", "--json");

    assertThat(list.code()).isZero();
    assertThat(list.firstError()).startsWith("sevenfold: note: Completed the restore of tenant 1");
    assertThat(JsonText.list(list.out()))
        .hasSize(2)
        .allSatisfy(point -> assertThat(point).containsEntry("proven", true));
    assertThat(shop.cli("tenant", "list", "--tenant", "1").err()).isEmpty();
  }

  @Test
  void what_cannot_be_finished_is_said_and_stops_no_other_tenant() throws Exception {
    Path journal = folder.resolve("production.sqlite3-17.sevenfold-journal");
    Files.writeString(journal, "rubbish");

    Cli list = shop.cli("tenant", "list", "--tenant", "1");

    assertThat(list.code()).isZero();
    assertThat(list.out()).contains(label);
    assertThat(logged(() -> shop.cli("tenant", "backup", "--tenant", "1")))
        .startsWith("sevenfold: warning: The restore that " + journal + " tells of could not be");
    assertThat(shop.cli("tenant", "backup", "--all").code()).isZero();
    assertThat(journal).exists();
  }

  /** What the library says to the log, which is the program's standard error. */
  private static String logged(Callable<Cli> command) throws Exception {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream captured = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setErr(captured);
      assertThat(command.call().code()).isZero();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
