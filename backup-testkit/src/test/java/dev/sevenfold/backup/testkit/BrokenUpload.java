package dev.sevenfold.backup.testkit;

import dev.sevenfold.backup.error.LabelTaken;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.tenant.Label;
import java.io.ByteArrayOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Stores that publish wrongly, as people write them, and the test that catches each. */
enum BrokenUpload implements BrokenStore {
  PUBLISHES_WHAT_CAME_BEFORE_A_FAILURE(
      "nothing_is_published_when_content_throws",
      () ->
          new DelegatingStore() {
            @Override
            public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
              ByteArrayOutputStream bytes = new ByteArrayOutputStream();
              try {
                content.writeTo(bytes);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              } finally {
                sound.publish(label, record, bytes::writeTo);
              }
              return sound.stat(label);
            }
          }),
  TAKES_A_FAILURE_OF_THE_CONTENT_FOR_ITS_OWN(
      "nothing_is_published_when_content_cannot_be_read",
      () ->
          new DelegatingStore() {
            @Override
            public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
              try {
                return sound.publish(label, record, content);
              } catch (OperationFailed e) {
                throw new StoreUnavailable("disk trouble", "try again", e.getCause());
              }
            }
          }),
  SHOWS_UPLOADS_THAT_ARE_GOING_ON(
      "nobody_sees_half_an_archive_nor_waits_for_it",
      () ->
          new DelegatingStore() {
            @Override
            public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
              sound.publish(label, record, out -> {});
              ByteArrayOutputStream bytes = new ByteArrayOutputStream();
              try {
                content.writeTo(bytes);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              sound.delete(label);
              return sound.publish(label, record, bytes::writeTo);
            }
          }),
  REPLACES_AN_ARCHIVE(
      "refuses_a_label_that_is_taken_and_keeps_the_first",
      () ->
          new DelegatingStore() {
            @Override
            public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
              sound.delete(label);
              return sound.publish(label, record, content);
            }
          }),
  LOOKS_FIRST_AND_PUBLISHES_THEN(
      "one_of_many_publishers_of_a_label_wins",
      () -> {
        CountDownLatch bothHaveLooked = new CountDownLatch(2);
        return new DelegatingStore() {
          @Override
          public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
            if (Archives.labels(sound).contains(label)) {
              throw new LabelTaken(label + " is there", "choose another");
            }
            bothHaveLooked.countDown();
            try {
              requireCompany(bothHaveLooked.await(10, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            synchronized (sound) {
              sound.delete(label);
              return sound.publish(label, record, content);
            }
          }
        };
      }),
  ASKS_FOR_THE_CONTENT_TWICE(
      "asks_for_the_content_once",
      () ->
          new DelegatingStore() {
            @Override
            public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
              try {
                content.writeTo(OutputStream.nullOutputStream());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return sound.publish(label, record, content);
            }
          }),
  ADDS_WHAT_COMES_TOO_LATE(
      "what_is_written_after_the_end_changes_nothing",
      () ->
          new DelegatingStore() {
            @Override
            public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
              ByteArrayOutputStream all = new ByteArrayOutputStream();
              OutputStream live =
                  new FilterOutputStream(all) {
                    @Override
                    public void flush() {
                      sound.delete(label);
                      sound.publish(label, record, all::writeTo);
                    }
                  };
              try {
                content.writeTo(live);
                live.flush();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
              return sound.stat(label);
            }
          }),
  LOSES_THE_END_OF_A_LARGE_ARCHIVE(
      "streams_an_archive_of_20_mebibytes",
      () ->
          new DelegatingStore() {
            @Override
            public InputStream open(Label label, long offset) {
              InputStream in = sound.open(label, offset);
              return FaultyStreams.reading(in, offset, Fault.cutShortAfter(16 << 20), () -> {});
            }
          }),
  LOSES_THE_RECORD_OF_A_NEW_ARCHIVE(
      "a_new_archive_has_the_record_that_it_was_published_with",
      () ->
          new DelegatingStore() {
            @Override
            public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
              StoredArchive archive = sound.publish(label, content);
              return new StoredArchive(label, archive.sizeBytes(), record);
            }
          }),
  RECORDS_WHAT_IS_PUBLISHED_ALREADY(
      "nobody_sees_an_archive_without_its_record",
      () -> {
        CountDownLatch published = new CountDownLatch(1);
        CountDownLatch listed = new CountDownLatch(1);
        return new DelegatingStore() {
          @Override
          public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
            sound.publish(label, content);
            published.countDown();
            try {
              requireCompany(listed.await(10, TimeUnit.SECONDS));
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
            return sound.record(label, record);
          }

          @Override
          public Listing list(ArchiveOwner owner) {
            Listing listing = sound.list(owner);
            if (published.getCount() == 0 && !listing.archives().isEmpty()) {
              listed.countDown();
            }
            return listing;
          }
        };
      }),
  SWALLOWS_AN_INTERRUPT(
      "an_interrupted_publisher_publishes_all_or_nothing",
      () ->
          new DelegatingStore() {
            @Override
            public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
              StoredArchive archive = sound.publish(label, record, content);
              return Thread.interrupted() ? sound.stat(label) : archive;
            }
          }),
  TRUSTS_A_NEW_ARCHIVE(
      "a_new_archive_is_neither_proven_nor_pinned",
      () ->
          new DelegatingStore() {
            @Override
            public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
              sound.publish(label, record, content);
              return sound.record(label, record.withVerifiedAt(Archives.NOON));
            }
          });

  private final String caughtBy;

  @SuppressWarnings("ImmutableEnumChecker") // The supplier is; what it gives is a new store.
  private final Supplier<ArchiveStore> make;

  BrokenUpload(String caughtBy, Supplier<ArchiveStore> make) {
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

  private static void requireCompany(boolean came) {
    if (!came) {
      throw new IllegalStateException("nobody else came");
    }
  }
}
