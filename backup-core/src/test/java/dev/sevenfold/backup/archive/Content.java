package dev.sevenfold.backup.archive;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sevenfold.backup.archive.ArchiveManifest.Entry;
import dev.sevenfold.backup.archive.ArchiveManifest.Kind;
import dev.sevenfold.backup.archive.ArchiveManifest.Purpose;
import dev.sevenfold.backup.archive.ArchiveManifest.Source;
import dev.sevenfold.backup.archive.ArchiveManifest.Table;
import dev.sevenfold.backup.io.Sha256;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What tests put into archives: named bytes, and the manifest that fits them. */
final class Content implements EntryContents {

  static final Instant CAPTURED_AT = Instant.parse("2026-11-22T01:02:03.456Z");
  static final Source SOURCE =
      new Source("sqlite", "3.54.1", OptionalLong.of(20261122), Sha256.hexOf(new byte[0]));

  private final Map<String, byte[]> entries = new LinkedHashMap<>();

  /** A tenant's database, of sorts. */
  static Content tenant() {
    return new Content().with(ArchiveManifest.TENANT_DATABASE, "SQLite format 3, of sorts");
  }

  Content with(String name, String content) {
    return with(name, content.getBytes(UTF_8));
  }

  Content with(String name, byte[] content) {
    entries.put(name, content);
    return this;
  }

  Map<String, byte[]> entries() {
    return entries;
  }

  byte[] get(String name) {
    byte[] content = entries.get(name);
    if (content == null) {
      throw new IllegalArgumentException("No entry " + name);
    }
    return content;
  }

  ArchiveManifest manifest() {
    return manifest(
        entries.entrySet().stream()
            .map(
                entry ->
                    new Entry(
                        entry.getKey(), entry.getValue().length, Sha256.hexOf(entry.getValue())))
            .toList());
  }

  static ArchiveManifest manifest(List<Entry> entries) {
    return new ArchiveManifest(
        Kind.TENANT,
        Purpose.BACKUP,
        Optional.of(TenantId.of(42)),
        CAPTURED_AT,
        SOURCE,
        "0.1.0",
        List.of(
            new Table(
                "odd \"name\"/..",
                3,
                new ContentDigest().hex(),
                "CREATE TABLE \"odd \"\"name\"\"/..\" (id INTEGER PRIMARY KEY,\n  næme TEXT)",
                List.of("CREATE INDEX i ON t (næme)"),
                1,
                List.of(),
                List.of(),
                Optional.empty())),
        entries,
        List.of("files/blobs/gone"));
  }

  @Override
  public InputStream open(String entryName) throws IOException {
    byte[] content = entries.get(entryName);
    if (content == null) {
      throw new FileNotFoundException(entryName);
    }
    return new ByteArrayInputStream(content);
  }

  byte[] write(ArchiveWriter writer) {
    return write(writer, manifest());
  }

  byte[] write(ArchiveWriter writer, ArchiveManifest manifest) {
    try {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      writer.write(manifest, this, out, bytes -> {});
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The files below a folder by their entry names; folders without files are not seen. */
  static Map<String, byte[]> read(Path folder) {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.filter(Files::isRegularFile).toList()) {
        files.put(folder.relativize(path).toString().replace('\\', '/'), Files.readAllBytes(path));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }
}
