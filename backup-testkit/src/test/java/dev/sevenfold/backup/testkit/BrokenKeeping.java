package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Stores that read, list, record or delete wrongly, and the test that catches each. */
enum BrokenKeeping implements BrokenStore {
  READS_FROM_THE_BEGINNING_ALWAYS(
      "reads_from_any_offset",
      () ->
          new DelegatingStore() {
            @Override
            public InputStream open(Label label, long offset) {
              return sound.open(label, 0);
            }
          }),
  READS_NOTHING_BEYOND_THE_END(
      "refuses_to_read_from_outside_the_archive",
      () ->
          new DelegatingStore() {
            @Override
            public InputStream open(Label label, long offset) {
              long size = sound.stat(label).sizeBytes();
              return sound.open(label, Math.max(0, Math.min(offset, size)));
            }
          }),
  GIVES_AN_EMPTY_STREAM_FOR_NOTHING(
      "an_archive_that_is_not_there_is_not_found",
      () ->
          new DelegatingStore() {
            @Override
            public InputStream open(Label label, long offset) {
              try {
                return sound.open(label, offset);
              } catch (ArchiveNotFound e) {
                return InputStream.nullInputStream();
              }
            }
          }),
  CUTS_READERS_OF_DELETED_ARCHIVES_OFF(
      "a_reader_of_a_deleted_archive_is_never_cut_off_in_silence",
      () ->
          new DelegatingStore() {
            @Override
            public InputStream open(Label label, long offset) {
              InputStream in = sound.open(label, offset);
              return new FilterInputStream(in) {
                @Override
                public int read(byte[] bytes, int at, int length) throws IOException {
                  return Archives.labels(sound).contains(label) ? in.read(bytes, at, length) : -1;
                }
              };
            }
          }),
  MATCHES_TENANTS_BY_PREFIX(
      "a_tenant_sees_its_own_archives_alone",
      () ->
          new DelegatingStore() {
            @Override
            public Listing list(ArchiveOwner owner) {
              if (!(owner instanceof ArchiveOwner.OfTenant tenant)) {
                return sound.list(owner);
              }
              return Listing.of(
                  sound.list(ArchiveOwner.anyone()).archives().stream()
                      .filter(a -> a.label().value().startsWith("tenant_" + tenant.id()))
                      .toList());
            }
          }),
  FORGETS_SAFETY_ARCHIVES(
      "tells_tenants_safety_archives_and_the_system_apart",
      () ->
          new DelegatingStore() {
            @Override
            public Listing list(ArchiveOwner owner) {
              return Listing.of(
                  sound.list(owner).archives().stream()
                      .filter(archive -> archive.label().kind() != Label.Kind.SAFETY)
                      .toList());
            }
          }),
  LISTS_IN_ANY_ORDER(
      "lists_by_label_ascending",
      () ->
          new DelegatingStore() {
            @Override
            public Listing list(ArchiveOwner owner) {
              List<StoredArchive> archives = new ArrayList<>(sound.list(owner).archives());
              archives.sort(Comparator.comparing(archive -> archive.label().hashCode()));
              return Listing.of(archives);
            }
          }),
  LISTS_WITHOUT_RECORDS(
      "a_list_says_what_stat_says",
      () ->
          new DelegatingStore() {
            @Override
            public Listing list(ArchiveOwner owner) {
              return Listing.of(
                  sound.list(owner).archives().stream()
                      .map(a -> new StoredArchive(a.label(), a.sizeBytes(), ArchiveRecord.NONE))
                      .toList());
            }
          }),
  LOSES_SUMMARIES(
      "the_last_record_wins",
      () ->
          new DelegatingStore() {
            @Override
            public StoredArchive record(Label label, ArchiveRecord record) {
              return sound.record(label, record.withoutSummary());
            }
          }),
  RECORDS_BY_PREFIX(
      "the_record_of_one_archive_is_not_that_of_another",
      () ->
          new DelegatingStore() {
            @Override
            public StoredArchive record(Label label, ArchiveRecord record) {
              Archives.labels(sound).stream()
                  .filter(other -> other.value().startsWith(label.value()))
                  .forEach(other -> sound.record(other, record));
              return sound.stat(label);
            }
          }),
  KEEPS_RECORDS_FOR_THE_NEXT_OF_THE_LABEL(
      "records_do_not_outlive_their_archive",
      () -> {
        Map<Label, ArchiveRecord> kept = new ConcurrentHashMap<>();
        return new DelegatingStore() {
          @Override
          public StoredArchive record(Label label, ArchiveRecord record) {
            kept.put(label, record);
            return sound.record(label, record);
          }

          @Override
          public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
            sound.publish(label, record, content);
            return sound.record(label, kept.getOrDefault(label, record));
          }
        };
      }),
  FAILS_TO_DELETE_NOTHING(
      "deleting_what_is_not_there_does_nothing",
      () ->
          new DelegatingStore() {
            @Override
            public void delete(Label label) {
              sound.stat(label);
              sound.delete(label);
            }
          }),
  ONLY_HIDES_WHAT_IS_DELETED(
      "a_deleted_archive_is_gone",
      () -> {
        Map<Label, Boolean> hidden = new ConcurrentHashMap<>();
        return new DelegatingStore() {
          @Override
          public void delete(Label label) {
            hidden.put(label, true);
          }

          @Override
          public Listing list(ArchiveOwner owner) {
            return Listing.of(
                sound.list(owner).archives().stream()
                    .filter(a -> !hidden.containsKey(a.label()))
                    .toList());
          }
        };
      }),
  REMEMBERS_NOTHING(
      "the_digest_of_what_was_deleted_is_remembered_for_its_owner_alone",
      () ->
          new DelegatingStore() {
            @Override
            public boolean remembers(ArchiveOwner owner, ArchiveDigest digest) {
              return false;
            }
          }),
  CANNOT_BE_CLOSED_TWICE(
      "closing_twice_does_nothing_the_second_time",
      () -> {
        AtomicInteger closed = new AtomicInteger();
        return new DelegatingStore() {
          @Override
          public void close() {
            if (closed.incrementAndGet() > 1) {
              throw new IllegalStateException("closed already");
            }
          }
        };
      });

  private final String caughtBy;

  @SuppressWarnings("ImmutableEnumChecker") // The supplier is; what it gives is a new store.
  private final Supplier<ArchiveStore> make;

  BrokenKeeping(String caughtBy, Supplier<ArchiveStore> make) {
    this.caughtBy = caughtBy;
    this.make = make;
  }

  @Override
  public String caughtBy() {
    return caughtBy;
  }

  @Override
  public ArchiveStore newStore() {
    return make.get();
  }
}
