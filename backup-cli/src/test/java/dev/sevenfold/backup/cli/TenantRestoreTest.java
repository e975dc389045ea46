package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantRestoreTest {

  @TempDir Path folder;
  Shop shop;
  String label;
  Map<String, List<String>> expected;

  @BeforeEach
  void back_up_tenant_3_and_let_the_others_go_on() throws IOException {
    shop = Shop.create(folder, 12);
    label = shop.backup(3);
    shop.othersGoOn(3);
    expected = shop.dump();
  }

  @Test
  void puts_rows_and_files_back_by_type_and_leaves_the_others_alone() throws IOException {
    shop.vandalise(3);

    Cli restore = restore(3, label);

    assertThat(restore.code()).isZero();
    assertThat(restore.lastLine()).isEqualTo("restored");
    assertThat(restore.out()).containsPattern("safety backup: safety_3_\\d{14}\n");
    assertThat(restore.err()).isEmpty();
    assertThat(shop.dump()).isEqualTo(expected);
    assertThat(shop.scratch()).isEmptyDirectory();
  }

  @Test
  void prints_one_json_value_with_what_it_changed() throws IOException {
    shop.vandalise(3);

    Cli restore = shop.cli("tenant", "restore", "--tenant", "3", "--label", label, "--json");

    Map<String, Object> value = JsonText.object(restore.out());
    assertThat(value).containsEntry("tenant", "3").containsEntry("label", label);
    assertThat(JsonText.text(value, "safetyLabel")).startsWith("safety_3_");
    assertThat(table(value, "customers"))
        .containsEntry("inserted", 1)
        .containsEntry("updated", 3)
        .containsEntry("deleted", 1)
        .containsEntry("unchanged", 0);
    assertThat(table(value, "users")).containsEntry("unchanged", 4);
  }

  private static Map<String, Object> table(Map<String, Object> value, String name) {
    for (Object table : (List<?>) value.getOrDefault("tables", List.of())) {
      @SuppressWarnings("unchecked")
      Map<String, Object> change = (Map<String, Object>) table;
      if (name.equals(change.get("table"))) {
        return change;
      }
    }
    throw new AssertionError("No table " + name + " in " + value);
  }

  @Test
  void previews_what_it_would_do_and_does_nothing() throws IOException {
    shop.vandalise(3);
    Map<String, List<String>> spoilt = shop.dump();

    Cli preview = shop.cli("tenant", "preview", "--tenant", "3", "--label", label, "--json");
    Cli table = shop.cli("tenant", "preview", "--tenant", "3", "--label", label);

    assertThat(preview.code()).isZero();
    assertThat(shop.dump()).isEqualTo(spoilt);
    assertThat(table.out()).containsPattern("customers +1 +3 +1 +0\n");
    Map<String, Object> planned = JsonText.object(preview.out());
    Map<String, Object> done =
        JsonText.object(
            shop.cli("tenant", "restore", "--tenant", "3", "--label", label, "--json").out());
    assertThat(done.get("tables")).isEqualTo(planned.get("tables"));
    assertThat(planned).doesNotContainKey("safetyLabel");
  }

  @Test
  void previews_single_rows_on_request() throws IOException {
    shop.vandalise(3);
    String[] preview = {"--tenant", "3", "--label", label, "--rows", "1"};

    Cli text = shop.cli("tenant", "preview", preview);

    assertThat(text.out()).contains("updated in orders 3011 (2026-11-22): number='3' -> '1'\n");
    assertThat(
            shop.cli(
                    "tenant", "preview", "--tenant", "3", "--label", label, "--rows", "1", "--json")
                .out())
        .contains("\"before\":{\"id\":\"3011\",\"customer_id\":\"3001\",\"number\":\"3\"");
  }

  @Test
  void brings_back_a_tenant_that_was_deleted() throws IOException {
    deleteTenant(3);

    assertThat(shop.cli("tenant", "backup", "--tenant", "3").code()).isEqualTo(3);
    assertThat(shop.cli("tenant", "list", "--tenant", "3").out()).contains(label);
    assertThat(restore(3, label).code()).isZero();
    assertThat(shop.dump()).isEqualTo(expected);
  }

  private void deleteTenant(int tenant) {
    for (String sql :
        List.of(
            "DELETE FROM notes WHERE author_id / 1000 = ?",
            "DELETE FROM taggings WHERE taggable_id / 1000 = ?",
            "DELETE FROM referrals WHERE user_id / 1000 = ?",
            "DELETE FROM users WHERE tenant_id = ?",
            "DELETE FROM customers WHERE tenant_id = ?",
            "DELETE FROM tasks WHERE owner_ref = ?",
            "DELETE FROM \"2024\" WHERE \"the owner\" = ?",
            "DELETE FROM measurements WHERE tenant_id = ?",
            "DELETE FROM attachments WHERE tenant_id = ?",
            "DELETE FROM blobs WHERE id / 1000 = ?",
            "DELETE FROM tenants WHERE id = ?")) {
      shop.execute(sql, tenant);
    }
  }

  @Test
  void undoes_a_restore_and_undoes_the_undoing() throws IOException {
    shop.vandalise(3);
    // An undo does not take away a file that a row names, though it was missing before.
    Files.writeString(shop.file("k003file3002"), "content k003file3002");
    Map<String, List<String>> spoilt = shop.dump();
    restore(3, label);

    Cli undo = shop.cli("tenant", "undo", "--tenant", "3");

    assertThat(undo.code()).isZero();
    assertThat(undo.lastLine()).isEqualTo("restored");
    assertThat(shop.dump()).isEqualTo(spoilt);
    Cli again = shop.cli("tenant", "undo", "--tenant", "3", "--json");
    assertThat(JsonText.text(JsonText.object(again.out()), "label")).startsWith("safety_3_");
    assertThat(shop.dump()).isEqualTo(expected);
  }

  @Test
  void has_nothing_to_undo_before_the_first_restore() {
    Cli undo = shop.cli("tenant", "undo", "--tenant", "3");

    assertThat(undo.code()).isEqualTo(3);
    assertThat(undo.firstError()).contains("no restore of tenant 3 to take back");
  }

  @Test
  void refuses_another_tenants_archive() throws IOException {
    Cli restore = restore(4, label);

    assertThat(restore.code()).isEqualTo(3);
    assertThat(restore.out()).isEmpty();
    assertThat(restore.firstError()).contains("of tenant 3, not of tenant 4");
    assertThat(shop.dump()).isEqualTo(expected);
    assertThat(shop.cli("tenant", "list", "--tenant", "4", "--safety", "--json").out())
        .isEqualTo("[]\n");
  }

  @Test
  void refuses_an_archive_under_another_tenants_label() throws IOException {
    Path stolen = shop.archive("tenant_4_20200101000000");
    Files.createDirectories(stolen.resolveSibling(""));
    Files.copy(shop.archive(label), stolen);

    Cli restore = restore(4, "tenant_4_20200101000000");

    assertThat(restore.code()).isEqualTo(3);
    assertThat(shop.dump()).isEqualTo(expected);
  }

  @Test
  void refuses_every_damaged_archive_and_changes_nothing() throws IOException {
    byte[] whole = Files.readAllBytes(shop.archive(label));
    for (int cut : new int[] {0, 1, 100, whole.length / 2, whole.length - 1}) {
      Files.write(shop.archive(label), Arrays.copyOf(whole, cut));
      assertRefused("cut to " + cut);
    }
    for (int at = 0; at < whole.length; at += Math.max(1, whole.length / 25)) {
      byte[] flipped = whole.clone();
      flipped[at] ^= 0x10;
      Files.write(shop.archive(label), flipped);
      Cli restore = restore(3, label);
      assertThat(restore.code())
          .as("flipped at %s of %s: %s", at, whole.length, restore)
          .isIn(meansNothing(at, whole.length) ? 0 : 3, 3);
    }
    Files.write(shop.archive(label), whole);
    assertThat(shop.dump()).isEqualTo(expected);
    assertThat(restore(3, label).code()).isZero();
  }

  /** The time in gzip's header, and the bits that fill up its last byte: the content is whole. */
  private static boolean meansNothing(int at, int length) {
    return (at >= 4 && at < 10) || at == length - 9;
  }

  private void assertRefused(String how) {
    Cli restore = restore(3, label);
    assertThat(restore.code()).as("%s: %s", how, restore).isEqualTo(3);
    assertThat(restore.out()).isEmpty();
    assertThat(restore.firstError()).startsWith("sevenfold: ");
  }

  @Test
  void refuses_an_unknown_label_and_does_not_understand_a_malformed_one() {
    Cli unknown = restore(3, "tenant_3_20200101000000");
    Cli malformed = restore(3, "../" + label);

    assertThat(unknown.code()).isEqualTo(3);
    assertThat(unknown.firstError()).contains("tenant_3_20200101000000");
    assertThat(malformed.code()).isEqualTo(2);
    assertThat(malformed.firstError()).contains("is not a label");
  }

  @Test
  void shows_what_stands_in_the_way_and_ends_with_3() throws IOException {
    shop.execute("DELETE FROM measurements WHERE id = 3000");
    shop.execute("INSERT INTO measurements VALUES (3000, 5, 'taken by another tenant')");
    Map<String, List<String>> before = shop.dump();

    Cli preview = shop.cli("tenant", "preview", "--tenant", "3", "--label", label, "--json");
    Cli restore = restore(3, label);

    assertThat(preview.code()).isEqualTo(3);
    assertThat((List<?>) JsonText.object(preview.out()).get("obstacles")).isNotEmpty();
    assertThat(preview.err()).contains("measurements");
    assertThat(restore.code()).isEqualTo(3);
    assertThat(restore.out()).isEmpty();
    assertThat(restore.err()).contains("measurements");
    assertThat(shop.dump()).isEqualTo(before);
  }

  private Cli restore(int tenant, String label) {
    return shop.cli("tenant", "restore", "--tenant", Integer.toString(tenant), "--label", label);
  }
}
