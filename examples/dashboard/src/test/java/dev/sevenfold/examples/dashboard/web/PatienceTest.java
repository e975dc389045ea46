package dev.sevenfold.examples.dashboard.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PatienceTest {

  /** The times change meanwhile, and a sort that notices would end the lookout for good. */
  @Test
  void everybody_is_asked_once_how_long_he_waits() {
    List<Integer> visitors = List.of(3, 9, 1, 7, 2, 8);
    List<Integer> asked = new ArrayList<>();

    Patience.longest(
        visitors,
        visitor -> {
          asked.add(visitor);
          return visitor;
        },
        0,
        3);

    assertThat(asked).isEqualTo(visitors);
  }

  @Test
  void who_waits_longest_comes_first_and_who_waits_no_longer_than_others_may_not_at_all() {
    List<Long> waited = List.of(3L, 9L, 1L, 7L, 2L, 8L);

    assertThat(Patience.longest(waited, Long::longValue, 2, 3)).containsExactly(9L, 8L, 7L);
    assertThat(Patience.longest(waited, Long::longValue, 7, 3)).containsExactly(9L, 8L);
  }
}
