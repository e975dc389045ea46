package dev.sevenfold.backup.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What every {@link Outbox} promises, as tests. */
interface OutboxContract {

  Instant NOON = Instant.parse("2026-11-22T12:00:00.123456789Z");

  Outbox newOutbox(int most) throws Exception;

  /** The same items after a restart. */
  Outbox reopen(Outbox outbox) throws Exception;

  static OutboxItem item(String id, int second) {
    Instant created = NOON.plusSeconds(second);
    return new OutboxItem(
        id, "mail", created, created.plusSeconds(60), 0, Map.of("to", "a@b.example"));
  }

  @Test
  default void gives_back_what_it_was_given_after_a_restart_too() throws Exception {
    OutboxItem odd =
        new OutboxItem(
            "x-1",
            "mail",
            NOON,
            NOON.plusNanos(1),
            7,
            Map.of("message", "Ærø = 日本 😀\r\n.\n\n:#!\\u0041 \t", "empty", "", "a b=c", "d"));
    try (Outbox outbox = newOutbox(10)) {
      assertThat(outbox.put(odd)).isTrue();
      assertThat(outbox.list()).containsExactly(odd);
      try (Outbox again = reopen(outbox)) {
        assertThat(again.list()).containsExactly(odd);
      }
    }
  }

  @Test
  default void lists_the_oldest_first() throws Exception {
    try (Outbox outbox = newOutbox(10)) {
      outbox.put(item("b", 2));
      outbox.put(item("c", 1));
      outbox.put(item("a", 2));

      assertThat(outbox.list()).extracting(OutboxItem::id).containsExactly("c", "a", "b");
    }
  }

  @Test
  default void keeps_one_item_of_an_id() throws Exception {
    try (Outbox outbox = newOutbox(10)) {
      outbox.put(item("a", 1));
      OutboxItem later = item("a", 1).failedUntil(NOON.plusSeconds(900));
      outbox.put(later);

      assertThat(outbox.list()).containsExactly(later);
      outbox.remove("a");
      outbox.remove("a");
      assertThat(outbox.list()).isEmpty();
    }
  }

  @Test
  default void takes_no_more_than_it_holds_but_lets_what_is_there_change() throws Exception {
    try (Outbox outbox = newOutbox(2)) {
      assertThat(outbox.put(item("a", 1))).isTrue();
      assertThat(outbox.put(item("b", 1))).isTrue();
      assertThat(outbox.put(item("c", 1))).isFalse();
      assertThat(outbox.put(item("b", 5))).isTrue();
      outbox.remove("a");
      assertThat(outbox.put(item("c", 1))).isTrue();
      assertThat(outbox.list()).hasSize(2);
    }
  }

  @Test
  default void lets_items_take_the_place_of_others_also_where_it_is_full() throws Exception {
    try (Outbox outbox = newOutbox(2)) {
      outbox.put(item("a", 1));
      outbox.put(item("b", 2));

      outbox.replace(List.of("a", "unknown"), List.of(item("a-0", 1), item("a-1", 1)));
      assertThat(outbox.list()).extracting(OutboxItem::id).containsExactly("a-0", "a-1", "b");
      assertThat(outbox.put(item("c", 3))).isFalse();

      OutboxItem changed = item("b", 2).failedUntil(NOON.plusSeconds(900));
      outbox.replace(List.of("a-0", "a-1", "b"), List.of(changed));
      assertThat(outbox.list()).containsExactly(changed);
      assertThat(outbox.put(item("c", 3))).isTrue();
      try (Outbox again = reopen(outbox)) {
        assertThat(again.list()).hasSize(2);
      }
    }
  }

  @Test
  default void knows_what_is_due_and_when_something_is_next() throws Exception {
    try (Outbox outbox = newOutbox(5)) {
      assertThat(outbox.nextDue()).isEmpty();
      outbox.put(item("late", 30));
      outbox.put(item("early", 1));
      outbox.put(item("middle", 2));

      assertThat(outbox.due(NOON.plusSeconds(60))).isEmpty();
      assertThat(outbox.due(NOON.plusSeconds(62)))
          .extracting(OutboxItem::id)
          .containsExactly("early", "middle");
      assertThat(outbox.nextDue()).contains(NOON.plusSeconds(61));
      outbox.put(item("early", 1).failedUntil(NOON.plusSeconds(100)));
      outbox.remove("middle");
      assertThat(outbox.nextDue()).contains(NOON.plusSeconds(90));
      try (Outbox again = reopen(outbox)) {
        assertThat(again.nextDue()).contains(NOON.plusSeconds(90));
      }
    }
  }

  @Test
  default void takes_ids_that_are_file_names_alone() {
    for (String id : List.of("", "../a", "a/b", "a b", "a\n", "x".repeat(121))) {
      assertThatIllegalArgumentException().isThrownBy(() -> item(id, 1));
    }
  }
}
