package dev.sevenfold.backup.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntoTenantTest {

  @TempDir Path folder;
  Shop shop;
  String label;

  @BeforeEach
  void back_up_tenant_3() {
    shop = Shop.create(folder, 5);
    label = shop.backup(3);
  }

  @Test
  void gives_the_rows_new_ids_under_the_other_tenant() throws IOException {
    // Unique over all tenants, so the same addresses cannot be there twice.
    shop.execute("UPDATE users SET email = 'old' || email WHERE tenant_id = 3");
    Map<String, List<String>> before = shop.dump();

    Cli restore = intoTenant("5");

    assertThat(restore.code()).as("%s", restore).isZero();
    assertThat(restore.lastLine()).isEqualTo("restored");
    assertThat(restore.out()).contains("safety backup: safety_5_");
    assertThat(shop.count("SELECT count(*) FROM customers WHERE tenant_id = 5")).isEqualTo(4);
    assertThat(
            shop.count(
                "SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id"
                    + " WHERE c.tenant_id = 5"))
        .isEqualTo(12);
    assertThat(shop.count("SELECT count(*) FROM pragma_foreign_key_check")).isZero();
    assertThat(shop.cli("tenant", "undo", "--tenant", "5").code()).isZero();
    assertThat(shop.dump()).isEqualTo(before);
  }

  @Test
  void refuses_the_archive_of_a_third_tenant() throws IOException {
    Map<String, List<String>> before = shop.dump();

    Cli restore =
        shop.cli("tenant", "restore", "--tenant", "2", "--label", label, "--into-tenant", "5");

    assertThat(restore.code()).isEqualTo(3);
    assertThat(restore.firstError()).contains("not one of tenant 2");
    assertThat(shop.dump()).isEqualTo(before);
  }

  private Cli intoTenant(String target) {
    return shop.cli(
        "tenant", "restore", "--tenant", "3", "--label", label, "--into-tenant", target);
  }
}
