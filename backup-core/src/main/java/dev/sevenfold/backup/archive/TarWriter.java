package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.LongConsumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * Writes the entries of an archive as a POSIX tar that tells nothing about the machine it was
 * written on. Use from one thread.
 */
final class TarWriter {

  // Rows of customers: for nobody else on the machine where somebody unpacks them.
  private static final int CONTENT_MODE = 0600;
  private static final int MANIFEST_MODE = 0644;

  private static final int BUFFER = 64 << 10;

  private final TarArchiveOutputStream tar;
  private final FileTime modified;
  private final byte[] buffer = new byte[BUFFER];

  /** Writes to {@code out} and never closes it. */
  TarWriter(OutputStream out, Instant modified) {
    // Whole seconds: a fraction would cost every entry a header of its own.
    this.modified = FileTime.from(modified.truncatedTo(ChronoUnit.SECONDS));
    tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
  }

  /** Adds an entry that is in memory. */
  void add(String name, byte[] content) throws IOException {
    tar.putArchiveEntry(header(name, content.length, MANIFEST_MODE));
    tar.write(content);
    tar.closeArchiveEntry();
  }

  /** Adds an entry that must be what the manifest says of it. */
  void add(Entry entry, EntryContents contents, LongConsumer progress) throws IOException {
    tar.putArchiveEntry(header(entry.name(), entry.size(), CONTENT_MODE));
    try (CheckedContent content = CheckedContent.open(entry, contents)) {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        tar.write(buffer, 0, n);
        progress.accept(content.bytesRead());
      }
    }
    tar.closeArchiveEntry();
  }

  /** Passes everything on. The empty records that end a tar are part of the archive's seal. */
  void flush() throws IOException {
    tar.flush();
  }

  private TarArchiveEntry header(String name, long size, int mode) {
    TarArchiveEntry header = new TarArchiveEntry(name);
    header.setSize(size);
    header.setMode(mode);
    header.setModTime(modified);
    header.setIds(0, 0);
    header.setNames("", "");
    return header;
  }
}
