package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Folder;
import dev.sevenfold.backup.archive.ArchiveManifest.Link;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes the entries of an archive as a POSIX tar that tells nothing about the machine it was
 * written on. Use from one thread.
 */
final class TarWriter {

  // Rows of customers: for nobody else on the machine where somebody unpacks them.
  private static final int CONTENT_MODE = 0600;
  private static final int FOLDER_MODE = 0700;
  private static final int LINK_MODE = 0777;
  private static final int MANIFEST_MODE = 0644;

  private static final int BUFFER = 64 << 10;

  private final TarArchiveOutputStream tar;
  private final FileTime modified;
  private final byte[] buffer = new byte[BUFFER];

  /** Writes to {@code out} and never closes it. */
  TarWriter(OutputStream out, Instant modified) {
    this.modified = seconds(modified);
    tar = new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
  }

  // Whole seconds: a fraction would cost every entry a header of its own.
  private static FileTime seconds(Instant time) {
    return FileTime.from(time.truncatedTo(ChronoUnit.SECONDS));
  }

  /** Adds an entry that is in memory. */
  void add(String name, byte[] content) throws IOException {
    TarArchiveEntry header = header(name, TarConstants.LF_NORMAL, MANIFEST_MODE, Optional.empty());
    header.setSize(content.length);
    tar.putArchiveEntry(header);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  /** Adds an entry that must be what the manifest says of it. */
  void add(Entry entry, EntryContents contents, LongConsumer progress) throws IOException {
    TarArchiveEntry header =
        header(
            entry.name(),
            TarConstants.LF_NORMAL,
            entry.mode().orElse(CONTENT_MODE),
            entry.modified());
    header.setSize(entry.size());
    tar.putArchiveEntry(header);
    try (CheckedContent content = new CheckedContent(entry, contents)) {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        tar.write(buffer, 0, n);
        progress.accept(content.bytesRead());
      }
    }
    tar.closeArchiveEntry();
  }

  /** Adds a folder, so that a tar program makes it too. */
  void add(Folder folder) throws IOException {
    putEmpty(
        header(
            folder.name() + '/',
            TarConstants.LF_DIR,
            folder.mode().orElse(FOLDER_MODE),
            folder.modified()));
  }

  /** Adds a symbolic link. */
  void add(Link link) throws IOException {
    TarArchiveEntry header =
        header(link.name(), TarConstants.LF_SYMLINK, LINK_MODE, Optional.empty());
    header.setLinkName(link.target());
    putEmpty(header);
  }

  private void putEmpty(TarArchiveEntry header) throws IOException {
    tar.putArchiveEntry(header);
    tar.closeArchiveEntry();
  }

  /** Passes everything on. The empty records that end a tar are part of the archive's seal. */
  void flush() throws IOException {
    tar.flush();
  }

  private TarArchiveEntry header(String name, byte type, int mode, Optional<Instant> time) {
    TarArchiveEntry header = new TarArchiveEntry(name, type);
    header.setMode(mode);
    header.setModTime(time.map(TarWriter::seconds).orElse(modified));
    header.setIds(0, 0);
    header.setNames("", "");
    return header;
  }
}
