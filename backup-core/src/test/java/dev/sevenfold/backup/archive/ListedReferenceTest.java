package dev.sevenfold.backup.archive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ListedReferenceTest {

  private static ListedReference of(String child, long rows, String... values) {
    return new ListedReference(
        child,
        List.of(),
        List.of("user_id"),
        "users",
        List.of("id"),
        rows,
        Stream.of(values).map(List::of).toList());
  }

  @Test
  void lists_of_one_reference_are_one_whatever_they_count() {
    assertThat(
            ListedReference.union(
                Stream.of(
                    of("tasks", 2, "integer:1"),
                    of("notes", 1, "integer:1"),
                    of("tasks", 9, "integer:2", "integer:1"),
                    of("pages", 1_000_000))))
        .containsExactly(of("tasks", 2, "integer:1", "integer:2"), of("notes", 1, "integer:1"));
  }
}
