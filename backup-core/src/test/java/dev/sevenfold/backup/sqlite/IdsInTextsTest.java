package dev.sevenfold.backup.sqlite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sevenfold.backup.error.RestoreRefused;
import dev.sevenfold.backup.tenant.IdRewriter;
import dev.sevenfold.backup.tenant.Label;
import dev.sevenfold.backup.tenant.TenantModel;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ids inside of texts and blobs follow where a restore gives new ids. */
class IdsInTextsTest {

  private static final String IDS = "SELECT group_concat(id, '/') FROM pages WHERE tenant_id = 2";

  @TempDir Path folder;

  private Lab lab() {
    Lab lab =
        Lab.with(
                folder,
                "CREATE TABLE tenants (id INTEGER PRIMARY KEY)",
                "CREATE TABLE pages (id INTEGER PRIMARY KEY, tenant_id INTEGER, ancestry TEXT, about"
                    + " TEXT, layout BLOB)",
                "INSERT INTO tenants VALUES (1), (2)",
                "INSERT INTO pages VALUES (1, 1, NULL, NULL, NULL), (12, 1, '1', NULL, NULL)",
                "INSERT INTO pages VALUES (123, 1, '1/12',"
                    + " 'see gid://app/Page/12 and gid://app/Page/1?x=12, not gid://app/User/12',"
                    + " NULL)")
            .owned(
                TenantModel.rootedAt("tenants")
                    .column("tenant_id")
                    .rewriteIds("pages", "ancestry", IdRewriter.separated("pages", "/"))
                    .rewriteIds(
                        "pages",
                        "about",
                        IdRewriter.pattern(Map.of("gid://app/Page/{id}", "pages")))
                    .rewriteIds("pages", "layout", IdRewriter.json(Map.of("page", "pages"))));
    return lab;
  }

  @Test
  void paths_and_uris() {
    Lab lab = lab();
    Label label = lab.backup(1);

    lab.restore(2, label, Lab.NEW_IDS);

    String[] ids = lab.query(IDS).split("/", -1);
    assertThat(lab.query("SELECT ancestry FROM pages WHERE tenant_id = 2"))
        .isEqualTo("null," + ids[0] + ',' + ids[0] + '/' + ids[1]);
    assertThat(lab.query("SELECT about FROM pages WHERE id = " + ids[2]))
        .isEqualTo(
            "see gid://app/Page/%s and gid://app/Page/%s?x=12, not gid://app/User/12"
                .formatted(ids[1], ids[0]));
    assertThat(lab.query("SELECT ancestry FROM pages WHERE id = 123")).isEqualTo("1/12");
  }

  @Test
  void json_in_a_blob_of_text_and_in_the_form_of_sqlite() {
    Lab lab = lab();
    byte[] json = "{\"page\": [1, 12], \"ö\": 1}".getBytes(UTF_8);
    lab.update("UPDATE pages SET layout = ? WHERE id = 12", (Object) json);
    lab.update("UPDATE pages SET layout = jsonb('{\"page\":123,\"n\":123}') WHERE id = 123");
    lab.update("UPDATE pages SET layout = '{\"page\": 12}' WHERE id = 1");
    Label label = lab.backup(1);

    lab.restore(2, label, Lab.NEW_IDS);

    String[] ids = lab.query(IDS).split("/", -1);
    assertThat(
            lab.query(
                "SELECT typeof(layout) || CAST(layout AS TEXT) FROM pages WHERE id = " + ids[1]))
        .isEqualTo("blob{\"page\": [%s, %s], \"ö\": 1}".formatted(ids[0], ids[1]));
    assertThat(
            lab.query(
                "SELECT json_valid(layout, 8) || json(layout) FROM pages WHERE id = " + ids[2]))
        .isEqualTo("1{\"page\":%s,\"n\":123}".formatted(ids[2]));
    assertThat(lab.query("SELECT typeof(layout) || layout FROM pages WHERE id = " + ids[0]))
        .isEqualTo("text{\"page\": %s}".formatted(ids[1]));
  }

  @Test
  void a_blob_that_is_no_text_is_named() {
    Lab lab = lab();
    lab.update("UPDATE pages SET layout = x'ff00fe' WHERE id = 12");
    Label label = lab.backup(1);

    assertThatExceptionOfType(RestoreRefused.class)
        .isThrownBy(() -> lab.restore(2, label, Lab.NEW_IDS))
        .withMessageContaining("The ids in pages.layout cannot be rewritten")
        .withMessageContaining("key [12]");
    lab.restore(1, label);
  }
}
