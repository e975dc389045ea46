package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenantSuggestTest {

  @TempDir Path folder;

  @Test
  void needs_the_root_alone_and_is_quiet_when_its_words_are_pasted() throws IOException {
    Shop.create(folder, 10);
    Path config =
        Files.writeString(
            folder.resolve("bare.yml"),
            "database: production.sqlite3\ntenants: {table: tenants, column: tenant_id}\n");

    Cli first = Cli.done("tenant", "suggest", "--config", config.toString());
    assertThat(first.out())
        .startsWith("tenants:\n  table: tenants\n  column: tenant_id\n  owned:\n")
        .contains(
            "- {table: tasks, references: {owner_ref: tenants.id}}  # ",
            "- {table: \"2024\", references: {\"the owner\": tenants.id}}  # ",
            "- {table: notes, references: {author_id: users.id}}  # ",
            "targets: {Customer: customers, User: users}}}  # Customer: 40 of 40 values found",
            "- {table: blobs, referenced_by: attachments.blob_id}  # ",
            "- {table: referrals, through: user_id}  # ",
            "- countries  # ",
            "table: blobs, path: \"{key[0..2]}/{key[2..4]}/{key}\"}  # 40 of 40 files",
            "- {column: users.email, tag: copy}  # unique over all tenants",
            "# QUESTION: 9 rows of referrals lead to several tenants");
    assertThat(first.err()).contains("3 questions are open");
    Files.writeString(
        config, "database: production.sqlite3\nstore: {directory: backups}\n" + first.out());
    Cli second = Cli.done("tenant", "suggest", "--config", config.toString());

    assertThat(second.out()).isEmpty();
    assertThat(second.err()).contains("nothing to add");
    Cli.done("tenant", "explain", "--config", config.toString());
    Cli.done("tenant", "backup", "--config", config.toString(), "--tenant", "1");
  }

  @Test
  void writes_calls_of_the_builder_too() throws IOException {
    Shop.create(folder, 3);
    Path config =
        Files.writeString(
            folder.resolve("bare.yml"),
            "database: production.sqlite3\ntenants: {table: tenants, column: tenant_id}\n");

    assertThat(Cli.done("tenant", "suggest", "--java", "--config", config.toString()).out())
        .startsWith("TenantModel.rootedAt(\"tenants\")\n    .column(\"tenant_id\")\n")
        .contains("    .reference(\"notes\", \"author_id\", \"users\", \"id\")\n")
        .contains("    .replaceTaken(\"users\", \"email\", Replacement.addressTagged(\"copy\"))")
        .contains("    .build();\n");
  }

  @Test
  void says_what_is_missing_in_the_config() throws IOException {
    Path config = Files.writeString(folder.resolve("bare.yml"), "database: production.sqlite3\n");

    Cli suggested = Cli.run("tenant", "suggest", "--config", config.toString());

    assertThat(suggested.code()).isEqualTo(2);
    assertThat(suggested.err()).contains("the key tenants is missing");
  }
}
