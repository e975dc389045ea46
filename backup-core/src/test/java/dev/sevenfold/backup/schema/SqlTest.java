package dev.sevenfold.backup.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class SqlTest {

  @Test
  void quotes_every_name_and_puts_an_alias_before_each() {
    assertThat(
            Sql.of(
                """
                SELECT t."{key}" FROM {table} t
                WHERE t."{column}" IS NULL
                """,
                List.of("id", "no \"1\""),
                Sql.name("main", "order lines"),
                "note"))
        .isEqualTo(
            """
            SELECT t."id", t."no ""1\""" FROM "main"."order lines" t
            WHERE t."note" IS NULL
            """);
  }

  @Test
  void fills_a_hole_that_is_named_again_with_the_same_part() {
    assertThat(Sql.of("UPDATE \"{table}\" SET \"{a}\" = x.\"{a}\" WHERE {rows}", "t", "n", "n = 1"))
        .isEqualTo("UPDATE \"t\" SET \"n\" = x.\"n\" WHERE n = 1");
  }

  @Test
  void takes_parts_as_they_are_even_where_they_look_like_holes() {
    assertThat(Sql.of("SELECT \"{column}\", {value}", "{value}", "'$1 \\ {column}'"))
        .isEqualTo("SELECT \"{value}\", '$1 \\ {column}'");
  }

  @Test
  void refuses_a_part_too_few_and_one_too_many() {
    assertThatThrownBy(() -> Sql.of("DELETE FROM \"{table}\" WHERE {rows}", "t"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 parts for the holes [table, rows] of: DELETE FROM \"{table}\" WHERE {rows}");
    assertThatThrownBy(() -> Sql.of("SELECT 1", "t")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void refuses_a_name_that_would_go_in_unquoted() {
    assertThatThrownBy(() -> Sql.of("DROP TABLE {table}", "orders"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("orders goes in as SQL; for a name, write \"{table}\"");
    assertThatThrownBy(() -> Sql.of("SELECT {key}", List.of("id")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(Sql.of("SELECT 1 WHERE {rows} LIMIT {most}", "0", 3L))
        .isEqualTo("SELECT 1 WHERE 0 LIMIT 3");
  }
}
