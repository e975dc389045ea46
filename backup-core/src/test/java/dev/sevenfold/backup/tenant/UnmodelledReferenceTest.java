package dev.sevenfold.backup.tenant;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UnmodelledReferenceTest {

  @Test
  void the_line_that_settles_it_can_be_pasted_whatever_the_names() {
    assertThat(
            new UnmodelledReference("2024", "the owner", "", "", "users", "id", 1, 1, 1, 1, true)
                .settledBy())
        .isEqualTo(
            "{table: \"2024\", references: {\"the owner\": users.id}}, or not_references:"
                + " [\"2024.the owner\"]");
    assertThat(
            new UnmodelledReference(
                    "notes",
                    "on_id",
                    "on_type",
                    "App\\Models\\Card",
                    "cards",
                    "id",
                    1,
                    1,
                    1,
                    1,
                    true)
                .settledBy())
        .isEqualTo(
            "{table: notes, polymorphic: {type: on_type, id: on_id, targets:"
                + " {\"App\\\\Models\\\\Card\": cards}}}, or not_references: [notes.on_id]");
  }
}
