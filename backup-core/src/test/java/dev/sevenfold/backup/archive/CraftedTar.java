package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.attribute.FileTime;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipEncodingHelper;

/** A tar as no honest writer makes it, part by part. */
final class CraftedTar {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  static CraftedTar of(ArchiveManifest manifest) {
    return new CraftedTar().file(ArchiveManifest.ENTRY_NAME, ManifestJson.write(manifest));
  }

  static CraftedTar of(String manifest) {
    return new CraftedTar().file(ArchiveManifest.ENTRY_NAME, manifest.getBytes(UTF_8));
  }

  static CraftedTar empty() {
    return new CraftedTar();
  }

  CraftedTar file(String name, byte[] content) {
    TarArchiveEntry header = new TarArchiveEntry(name, true);
    header.setSize(content.length);
    return entry(header, content);
  }

  CraftedTar special(String name, byte type, String target) {
    TarArchiveEntry header = new TarArchiveEntry(name, type, true);
    header.setLinkName(target);
    header.setSize(0);
    return entry(header, new byte[0]);
  }

  CraftedTar entry(TarArchiveEntry header, byte[] content) {
    header.setModTime(FileTime.fromMillis(0));
    ByteArrayOutputStream one = new ByteArrayOutputStream();
    try {
      TarArchiveOutputStream tar = new TarArchiveOutputStream(one, "UTF-8");
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.putArchiveEntry(header);
      tar.write(content);
      tar.closeArchiveEntry();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return raw(one.toByteArray());
  }

  /** An extension of the header that follows. */
  CraftedTar extension(String... records) {
    StringBuilder text = new StringBuilder();
    for (String record : records) {
      int length = record.length() + 4; // its own two digits, a blank and a line feed
      text.append(length).append(' ').append(record).append('\n');
    }
    byte[] bytes = text.toString().getBytes(UTF_8);
    TarArchiveEntry header = new TarArchiveEntry("x", TarConstants.LF_PAX_EXTENDED_HEADER_LC);
    header.setSize(bytes.length);
    return entry(header, bytes);
  }

  /** A header that may claim anything. */
  CraftedTar header(TarArchiveEntry header) {
    byte[] record = new byte[512];
    try {
      header.writeEntryHeader(record, ZipEncodingHelper.getZipEncoding("UTF-8"), true);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return raw(record);
  }

  CraftedTar files(Content content) {
    content.entries().forEach(this::file);
    return this;
  }

  CraftedTar raw(byte[] part) {
    bytes.writeBytes(part);
    return this;
  }

  /** The two empty records that a tar ends with. */
  CraftedTar end() {
    return raw(new byte[1_024]);
  }

  byte[] tar() {
    return bytes.toByteArray();
  }

  byte[] gzip() {
    return gzip(tar());
  }

  static byte[] gzip(byte[] content) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }
}
