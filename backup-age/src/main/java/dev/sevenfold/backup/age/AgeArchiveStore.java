package dev.sevenfold.backup.age;

import com.exceptionfactory.jagged.RecipientStanzaReader;
import com.exceptionfactory.jagged.RecipientStanzaWriter;
import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.error.ArchiveNotFound;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.error.StoreUnavailable;
import dev.sevenfold.backup.source.OwnPlace;
import dev.sevenfold.backup.store.ArchiveOwner;
import dev.sevenfold.backup.store.ArchiveRecord;
import dev.sevenfold.backup.store.ArchiveStore;
import dev.sevenfold.backup.store.Listing;
import dev.sevenfold.backup.store.StoredArchive;
import dev.sevenfold.backup.store.Upload;
import dev.sevenfold.backup.tenant.Label;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts archives on their way into another store, and decrypts them on their way out.
 * Thread-safe.
 *
 * <pre>{@code
 * ArchiveStore store =
 *     AgeArchiveStore.builder(remote)
 *         .recipient("age1…")
 *         .identityFile(Path.of("/etc/app/backup.key"))
 *         .build();
 * }</pre>
 *
 * <p>What the other store keeps are standard age files: {@code age -d -i backup.key FILE} gives the
 * archive, and an archive that {@code age -r age1… -o FILE} made is one of this store. Labels and
 * records are not encrypted: they tell whose an archive is, of when, and how large.
 *
 * <p>Publishing needs no secret: a host that has recipients alone can back up, but neither verify
 * nor read what it has backed up; opening an archive then throws {@link OperationFailed}.
 *
 * <p>Sizes are those of the decrypted archives, told exactly from the head of each file, which is
 * read once. A file that is not encrypted, or cut, is listed with its own size, so that one bad
 * file does not hide all others; opening it throws {@link
 * dev.sevenfold.backup.error.ArchiveCorrupt}, as does reading a byte that is not authentic. One
 * whose key is not given here may be sound: opening it throws {@link
 * dev.sevenfold.backup.error.ArchiveNotReadable}. Reading from an offset decrypts all that comes
 * before.
 *
 * <p>Whoever knows a recipient can make archives for it: encryption hides, it does not sign. Use
 * {@code SigningKeys} to know who made an archive.
 */
public final class AgeArchiveStore implements ArchiveStore {

  private final ArchiveStore inner;
  private final PlainSizes sizes;
  private final List<RecipientStanzaWriter> recipients;
  private final List<RecipientStanzaReader> identities;
  private final @Nullable Passphrase passphrase;
  private final List<OwnPlace> keyFiles;

  AgeArchiveStore(
      ArchiveStore inner,
      List<RecipientStanzaWriter> recipients,
      List<RecipientStanzaReader> identities,
      @Nullable Passphrase passphrase,
      List<OwnPlace> keyFiles) {
    this.inner = inner;
    this.sizes = new PlainSizes(inner);
    this.recipients = passphrase == null ? List.copyOf(recipients) : List.of(passphrase);
    List<RecipientStanzaReader> readers = new ArrayList<>(identities);
    if (passphrase != null) {
      readers.add(passphrase);
    }
    this.identities = List.copyOf(readers);
    this.passphrase = passphrase;
    this.keyFiles = List.copyOf(keyFiles);
  }

  /** Begins a store that keeps its archives, encrypted, in {@code inner}, and closes that. */
  public static AgeArchiveStoreBuilder builder(ArchiveStore inner) {
    return new AgeArchiveStoreBuilder(inner);
  }

  @Override
  public String describe() {
    return "age-encrypted " + inner.describe();
  }

  @Override
  public List<OwnPlace> ownPlaces() {
    List<OwnPlace> places = new ArrayList<>(inner.ownPlaces());
    places.addAll(keyFiles);
    return List.copyOf(places);
  }

  @Override
  public void noteUseBeside(Path database) {
    inner.noteUseBeside(database);
  }

  @Override
  public StoredArchive publish(Label label, ArchiveRecord record, Content content) {
    Objects.requireNonNull(label, "label");
    Objects.requireNonNull(content, "content");
    if (recipients.isEmpty()) {
      throw new OperationFailed(
          "Archive " + label + " cannot be encrypted: no recipient was given",
          "Give the public key of an identity; without one this store can only be read");
    }
    AtomicLong size = new AtomicLong();
    StoredArchive file =
        inner.publish(
            label,
            record,
            out -> {
              EncryptingStream encrypting = new EncryptingStream(out, recipients);
              size.set(Upload.run(label, content, encrypting));
              encrypting.finish(); // not reached after a failure, whatever its kind
            });
    return new StoredArchive(label, size.get(), file.record());
  }

  @Override
  public InputStream open(Label label, long offset) {
    Objects.requireNonNull(label, "label");
    if (offset != 0) {
      requireWithin(stat(label), offset);
    }
    if (identities.isEmpty()) {
      inner.stat(label); // that it is missing comes first
      throw new OperationFailed(
          "Archive " + label + " cannot be decrypted: no identity was given",
          "Give the store an identity of one of the archive's recipients, or use age -d");
    }
    InputStream in = inner.open(label);
    try {
      InputStream plain = new DecryptingStream(label, in, identities);
      plain.skipNBytes(offset);
      return plain;
    } catch (IOException e) {
      closeAfter(e, in);
      throw new StoreUnavailable(
          "Archive %s could not be read in %s: %s"
              .formatted(label, inner.describe(), e.getMessage()),
          "Try again",
          e);
    } catch (RuntimeException e) {
      closeAfter(e, in);
      throw e;
    }
  }

  private static void requireWithin(StoredArchive archive, long offset) {
    if (offset < 0 || offset > archive.sizeBytes()) {
      throw new IllegalArgumentException(
          "Archive %s has %d bytes; it cannot be read from %d"
              .formatted(archive.label(), archive.sizeBytes(), offset));
    }
  }

  private static void closeAfter(Exception failure, InputStream in) {
    try {
      in.close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public StoredArchive stat(Label label) {
    return sizes.plain(inner.stat(label));
  }

  @Override
  public Listing list(ArchiveOwner owner) {
    List<StoredArchive> archives = new ArrayList<>();
    Listing files = inner.list(owner);
    for (StoredArchive file : files.archives()) {
      tryPlain(file).ifPresent(archives::add);
    }
    return files.withArchives(archives);
  }

  private Optional<StoredArchive> tryPlain(StoredArchive file) {
    try {
      return Optional.of(sizes.plain(file));
    } catch (ArchiveNotFound e) {
      return Optional.empty(); // deleted since it was listed
    }
  }

  @Override
  public StoredArchive record(Label label, ArchiveRecord record) {
    return sizes.plain(inner.record(label, record));
  }

  @Override
  public void delete(Label label) {
    sizes.forget(label);
    inner.delete(label);
  }

  @Override
  public boolean remembers(ArchiveOwner owner, ArchiveDigest digest) {
    return inner.remembers(owner, digest);
  }

  @Override
  public List<String> kept(ArchiveOwner owner) {
    return inner.kept(owner);
  }

  @Override
  public void forget(ArchiveOwner owner) {
    inner.forget(owner);
  }

  /** Wipes the passphrase and closes the store below. */
  @Override
  public void close() {
    if (passphrase != null) {
      passphrase.wipe();
    }
    inner.close();
  }
}
