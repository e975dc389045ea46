package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import dev.sevenfold.backup.error.ArchiveCorrupt;
import dev.sevenfold.backup.error.BackupException;
import dev.sevenfold.backup.io.Interrupts;
import dev.sevenfold.backup.io.NativeZstd;
import dev.sevenfold.backup.io.Quoted;
import dev.sevenfold.backup.io.Sha256;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * An archive while it is read, part by part and in order: head, entries, end. Trusts nothing that
 * it has not checked, and says of every failure whether the archive, the stream that it comes from
 * or the target has failed. Use from one thread, once.
 */
final class ArchiveInput implements Closeable {

  // Of a tar header with its extensions: enough for the longest name many times over. Kept small,
  // since extensions are read into memory, and one after the other by recursion.
  private static final int MOST_HEADER_BYTES = 64 << 10;

  // Content is filled up to whole records, two empty ones end a tar, and tar programs go on to fill
  // up a block, by habit of 10 KiB.
  private static final int RECORD = 512;
  private static final int LEAST_END_BYTES = 2 * RECORD;
  private static final int MOST_END_BYTES = 1 << 20;

  private static final int BUFFER = 64 << 10;

  /** What an archive is asked for. */
  @FunctionalInterface
  private interface Reading<T> {
    T read() throws IOException;
  }

  private final SourceStream source;
  private final ContentStream content;
  private final Compression compression;
  private final TarArchiveInputStream tar;
  private final byte[] buffer = new byte[BUFFER];
  private Optional<TarArchiveEntry> ahead = Optional.empty();

  private ArchiveInput(SourceStream source, ContentStream content, Compression compression) {
    this.source = source;
    this.content = content;
    this.compression = compression;
    this.tar = new TarArchiveInputStream(content, StandardCharsets.UTF_8.name());
  }

  /** Opens an archive; {@code in} stays the caller's to close. */
  static ArchiveInput open(InputStream in) {
    SourceStream source = new SourceStream(in);
    PushbackInputStream compressed = new PushbackInputStream(source, Compression.LONGEST_MAGIC);
    Compression compression = reading(source, () -> Compression.detect(compressed));
    InputStream decompressed = reading(source, () -> compression.decompress(compressed));
    return new ArchiveInput(source, new ContentStream(decompressed, source), compression);
  }

  Compression compression() {
    return compression;
  }

  /** Reads the manifest's bytes. */
  byte[] manifest() {
    TarArchiveEntry header = requireFile(header());
    if (!header.getName().equals(ArchiveManifest.ENTRY_NAME)) {
      throw Corrupt.archive(
          "This is no archive of Sevenfold: it does not begin with %s but with %s"
              .formatted(ArchiveManifest.ENTRY_NAME, Quoted.text(header.getName())));
    }
    return small(header, ManifestJson.MOST_BYTES, ManifestJson.bytesInMemory());
  }

  /** Reads the bytes of the signature that may follow the manifest. */
  Optional<byte[]> signature() {
    TarArchiveEntry header = header();
    if (!header.getName().equals(ArchiveManifest.SIGNATURE_NAME)) {
      ahead = Optional.of(header);
      return Optional.empty();
    }
    return Optional.of(
        small(
            requireFile(header),
            SigningKeys.MOST_SIGNATURE_BYTES,
            SigningKeys.MOST_SIGNATURE_BYTES));
  }

  /** Reads the next entry, which must be {@code expected} to the last byte. */
  void entry(Entry expected, EntryTarget target, LongConsumer progress) {
    TarArchiveEntry header = requireFile(nextHeader());
    requireName(header.getName(), expected.name());
    requireListed(
        "The entry %s has %s bytes, and the manifest says %s",
        expected.name(), header.getSize(), expected.size());
    target.begin(expected);
    MessageDigest sha256 = Sha256.digest();
    content.allow(expected.size());
    long done = 0;
    while (done < expected.size()) {
      Interrupts.check("Reading the archive");
      int n = reading(source, () -> tar.read(buffer));
      if (n <= 0) {
        throw Corrupt.archive(
            "The archive is cut short: the entry %s has %d bytes of %d"
                .formatted(Quoted.text(expected.name()), done, expected.size()));
      }
      sha256.update(buffer, 0, n);
      target.write(buffer, n);
      done += n;
      progress.accept(done);
    }
    requireListed(
        "The entry %s has the SHA-256 %s, and the manifest says %s",
        expected.name(), Sha256.hex(sha256.digest()), expected.sha256());
    target.end();
  }

  /** Reads the next entry, which must be a folder. */
  void folder(Folder expected, EntryTarget target) {
    String name = nextEmpty(TarConstants.LF_DIR, "a folder").getName();
    // Tar ends the name of a folder with a slash.
    requireName(name.endsWith("/") ? name.substring(0, name.length() - 1) : name, expected.name());
    target.folder(expected);
  }

  /** Reads the next entry, which must be a symbolic link. */
  void link(Link expected, EntryTarget target) {
    TarArchiveEntry header = nextEmpty(TarConstants.LF_SYMLINK, "a symbolic link");
    requireName(header.getName(), expected.name());
    if (!header.getLinkName().equals(expected.target())) {
      throw Corrupt.archive(
          "The link %s leads to %s, and the manifest says %s"
              .formatted(
                  Quoted.text(expected.name()),
                  Quoted.text(header.getLinkName()),
                  Quoted.text(expected.target())));
    }
    target.link(expected);
  }

  private TarArchiveEntry nextEmpty(byte type, String words) {
    Interrupts.check("Reading the archive");
    TarArchiveEntry header = nextHeader();
    if (header.getLinkFlag() != type) {
      throw notOfType(header, words);
    }
    if (header.getSize() != 0) {
      throw Corrupt.archive(
          "The entry %s has %d bytes, and is no file"
              .formatted(Quoted.text(header.getName()), header.getSize()));
    }
    return header;
  }

  private TarArchiveEntry nextHeader() {
    TarArchiveEntry header = ahead.orElseGet(this::header);
    ahead = Optional.empty();
    return header;
  }

  private static void requireName(String name, String expected) {
    if (!name.equals(expected)) {
      throw Corrupt.archive(
          "The archive has the entry %s where the manifest has %s"
              .formatted(Quoted.text(name), Quoted.text(expected)));
    }
  }

  private static void requireListed(String message, String name, Object found, Object listed) {
    if (!found.equals(listed)) {
      throw Corrupt.archive(message.formatted(Quoted.text(name), found, listed));
    }
  }

  /**
   * Requires that nothing follows: no entry, no byte after the tar, none after the compression; and
   * that not a bit of it all is other than it was written.
   */
  void end() {
    content.allow(MOST_END_BYTES);
    long length = -(RECORD - content.count() % RECORD) % RECORD;
    for (int n = atEnd(); n >= 0; n = atEnd()) {
      for (int i = 0; i < n; i++) {
        if (buffer[i] != 0) {
          throw Corrupt.archive("The archive goes on after the last entry of its manifest");
        }
      }
      length += n;
    }
    if (length < LEAST_END_BYTES) {
      throw Corrupt.archive("The archive is cut short: its end is missing");
    }
    if (reading(source, source::read) >= 0) {
      throw Corrupt.archive("The archive goes on after its end");
    }
    source.check(compression.seal());
  }

  /**
   * Reads the compressed bytes to their end, after something in the content could not be accepted:
   * a bit that flipped may have made a newer format of it, or a size beyond all limits.
   */
  void requireSealed() {
    while (reading(source, () -> source.read(buffer)) >= 0) {
      source.heldContent();
    }
    source.check(compression.seal());
  }

  private int atEnd() {
    return reading(source, () -> content.read(buffer));
  }

  /** The next header, of whatever it is. */
  private TarArchiveEntry header() {
    content.allow(MOST_HEADER_BYTES);
    TarArchiveEntry header = reading(source, tar::getNextEntry);
    if (header == null) {
      throw Corrupt.archive("The archive is cut short: entries of its manifest are missing");
    }
    if (!header.isCheckSumOK()) {
      throw Corrupt.archive("The archive is damaged: the checksum of a tar header is wrong");
    }
    return header;
  }

  private static TarArchiveEntry requireFile(TarArchiveEntry header) {
    boolean ordinary =
        header.getLinkFlag() == TarConstants.LF_NORMAL
            || header.getLinkFlag() == TarConstants.LF_OLDNORM;
    if (!ordinary || header.isSparse() || header.isDirectory()) {
      throw notOfType(header, "an ordinary file");
    }
    return header;
  }

  private static ArchiveCorrupt notOfType(TarArchiveEntry header, String type) {
    return Corrupt.archive(
        "The entry %s is not %s but of the tar type 0x%02x"
            .formatted(Quoted.text(header.getName()), type, header.getLinkFlag()));
  }

  private byte[] small(TarArchiveEntry header, int most, long inMemory) {
    if (header.getSize() > most) {
      throw Corrupt.archive(
          "The archive's %s has %d bytes, more than %d"
              .formatted(header.getName(), header.getSize(), most));
    }
    if (header.getSize() > inMemory) {
      throw ManifestJson.beyondMemory(
          "%d bytes, and %d is the bound".formatted(header.getSize(), inMemory));
    }
    content.allow(header.getSize());
    // Grows with what is really there: the size is only what the archive says.
    byte[] bytes = reading(source, () -> tar.readNBytes((int) header.getSize()));
    if (bytes.length != header.getSize()) {
      throw Corrupt.archive("The archive is cut short: its " + header.getName() + " is not whole");
    }
    return bytes;
  }

  /** Reads, and tells a failure of the stream that the archive comes from from its own faults. */
  private static <T> T reading(SourceStream source, Reading<T> reading) {
    try {
      return reading.read();
    } catch (IOException | RuntimeException e) {
      if (source.failure().isPresent()) {
        throw source.failure().get();
      }
      if (e instanceof BackupException said) {
        throw said;
      }
      if (NativeZstd.isOfMachine(e)) {
        throw NativeZstd.failure(e);
      }
      // An end of file, for one, comes without a message.
      String reason =
          e instanceof EOFException ? "it ends too early" : String.valueOf(e.getMessage());
      throw Corrupt.archive("The archive is cut short or damaged: " + reason, e);
    }
  }

  /** Lets the decompressor's memory go. */
  @Override
  public void close() {
    try {
      tar.close();
    } catch (IOException e) {
      // Everything of worth was read and verified before; the caller's stream is not closed here.
      throw new IllegalStateException("A decompressor that only frees memory cannot fail", e);
    }
  }
}
