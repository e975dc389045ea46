package dev.sevenfold.backup.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.link.LinkId;
import dev.sevenfold.backup.link.LinkStore;
import dev.sevenfold.backup.link.LinkStore.State;
import dev.sevenfold.backup.tenant.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link LinkStore} promises, as tests. A store is proven by a class of a few lines:
 *
 * <pre>{@code
 * class TableLinkStoreTest implements LinkStoreContract {
 *   @Override
 *   public LinkStore newLinkStore() {
 *     return TableLinkStore.in(newDatabase());
 *   }
 * }
 * }</pre>
 */
public interface LinkStoreContract {

  /** A new store, which knows of nothing. */
  LinkStore newLinkStore() throws Exception;

  /**
   * The same knowledge seen through another object, as another process would see it. The store
   * itself, unless overridden.
   */
  default LinkStore reopen(LinkStore store) throws Exception {
    return store;
  }

  /** See the method's name. */
  @Test
  default void knows_nothing_of_a_link_that_it_never_heard_of() throws Exception {
    LinkStore store = newLinkStore();

    assertThat(store.state(link(1), tenant("1"))).isEqualTo(new State(false, 0, 0));
    assertThat(store.round(tenant("1"))).isZero();
    assertThat(store.describe()).isNotBlank();
  }

  /** See the method's name. */
  @Test
  default void a_revocation_stays_and_is_of_one_link_alone() throws Exception {
    LinkStore store = newLinkStore();

    store.revoke(link(1));
    store.revoke(link(1));
    store.forgetCounts(Instant.parse("9999-12-31T00:00:00Z"));

    assertThat(reopen(store).state(link(1), tenant("1")).revoked()).isTrue();
    assertThat(reopen(store).state(link(2), tenant("1")).revoked()).isFalse();
  }

  /** See the method's name. */
  @Test
  default void each_revocation_of_all_begins_a_round_of_exactly_that_tenant() throws Exception {
    LinkStore store = newLinkStore();

    store.revokeAll(tenant("1"));
    store.revokeAll(tenant("1"));
    store.revokeAll(tenant("Ø '\";--"));

    LinkStore again = reopen(store);
    assertThat(again.round(tenant("1"))).isEqualTo(2);
    assertThat(again.state(link(7), tenant("1"))).isEqualTo(new State(false, 0, 2));
    assertThat(again.round(tenant("10"))).isZero();
    assertThat(again.round(tenant("Ø '\";--"))).isOne();
  }

  /** See the method's name. */
  @Test
  default void counts_up_to_the_limit_and_not_beyond() throws Exception {
    LinkStore store = newLinkStore();
    Instant expiry = Instant.parse("2026-12-01T00:00:00Z");

    assertThat(store.count(link(1), 0, expiry)).isFalse();
    assertThat(store.count(link(1), 2, expiry)).isTrue();
    assertThat(store.count(link(2), 1, expiry)).isTrue();
    assertThat(reopen(store).count(link(1), 2, expiry)).isTrue();
    assertThat(store.count(link(1), 2, expiry)).isFalse();

    assertThat(reopen(store).state(link(1), tenant("1")).downloads()).isEqualTo(2);
    assertThat(reopen(store).state(link(2), tenant("1")).downloads()).isOne();
  }

  /** See the method's name. */
  @Test
  default void forgets_the_counts_of_expired_links_alone() throws Exception {
    LinkStore store = newLinkStore();
    Instant expiry = Instant.parse("2026-12-01T00:00:00Z");
    store.count(link(1), 5, expiry);
    store.count(link(2), 5, expiry.plusSeconds(1));

    store.forgetCounts(expiry);
    assertThat(store.state(link(1), tenant("1")).downloads()).isOne();
    store.forgetCounts(expiry.plusSeconds(1));

    assertThat(store.state(link(1), tenant("1")).downloads()).isZero();
    assertThat(store.state(link(2), tenant("1")).downloads()).isOne();
  }

  /** See the method's name. */
  @Test
  default void of_many_that_count_at_once_no_more_than_the_limit_succeed() throws Exception {
    LinkStore store = newLinkStore();
    LinkStore other = reopen(store);
    Instant expiry = Instant.parse("2026-12-01T00:00:00Z");
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Boolean>> attempts =
          Stream.of(store, other, store, other, store, other, store, other)
              .<Callable<Boolean>>map(one -> () -> one.count(link(1), 3, expiry))
              .toList();
      int counted = 0;
      for (Future<Boolean> attempt : threads.invokeAll(attempts)) {
        counted += attempt.get() ? 1 : 0;
      }
      assertThat(counted).isEqualTo(3);
    } finally {
      threads.shutdownNow();
    }
  }

  private static LinkId link(int n) {
    return new LinkId("%016x".formatted(n));
  }

  private static TenantId tenant(String id) {
    return TenantId.of(id);
  }
}
