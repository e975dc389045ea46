package dev.sevenfold.backup.link;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sevenfold.backup.archive.ArchiveDigest;
import dev.sevenfold.backup.tenant.TenantId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a token says. Immutable.
 *
 * @param kind what it is good for
 * @param id which link it is; a download has that of its link
 * @param tenant whose archive
 * @param digest how the archive's digest begins, as 32 hexadecimal digits
 * @param round how often all links of the tenant had been revoked
 * @param expiresAt when it stops to work, in whole seconds
 * @param downloads how many downloads it is good for; empty for any number
 */
record LinkContent(
    Kind kind,
    LinkId id,
    TenantId tenant,
    String digest,
    long round,
    Instant expiresAt,
    OptionalInt downloads) {

  /** What a token is good for, and in which form it is written. */
  enum Kind {
    /** What a person gets. */
    LINK(1),
    /** One download of a link whose downloads are counted, to begin and to resume. */
    DOWNLOAD(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    static Optional<Kind> of(int code) {
      return Arrays.stream(values()).filter(kind -> kind.code == code).findAny();
    }
  }

  // Half of a SHA-256: nobody finds another archive of the same tenant that begins so.
  private static final int DIGEST_BYTES = 16;
  private static final int ID_BYTES = 8;

  static String prefix(ArchiveDigest digest) {
    return digest.hex().substring(0, 2 * DIGEST_BYTES);
  }

  boolean isOf(ArchiveDigest archive) {
    return prefix(archive).equals(digest);
  }

  DownloadLink link(LinkToken token) {
    return new DownloadLink(id, tenant, expiresAt, downloads, token);
  }

  /** The token to download with, once the download was counted. */
  LinkContent download(Instant until) {
    Instant end = until.isBefore(expiresAt) ? until : expiresAt;
    return new LinkContent(Kind.DOWNLOAD, id, tenant, digest, round, end, OptionalInt.empty());
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(kind.code);
      out.write(HexFormat.of().parseHex(id.value()));
      out.write(HexFormat.of().parseHex(digest));
      writeNumber(out, expiresAt.getEpochSecond());
      writeNumber(out, round);
      writeNumber(out, downloads.orElse(0));
      out.write(tenant.value().getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Memory can be written", e);
    }
    return bytes.toByteArray();
  }

  /** Reads signed bytes; empty if a later version of Sevenfold wrote them. */
  static Optional<LinkContent> fromBytes(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      Optional<Kind> kind = Kind.of(in.readUnsignedByte());
      if (kind.isEmpty()) {
        return Optional.empty();
      }
      LinkId id = new LinkId(readHex(in, ID_BYTES));
      String digest = readHex(in, DIGEST_BYTES);
      Instant expiresAt = Instant.ofEpochSecond(readNumber(in));
      long round = readNumber(in);
      int downloads = (int) readNumber(in);
      TenantId tenant = new TenantId(new String(in.readAllBytes(), UTF_8));
      return Optional.of(
          new LinkContent(
              kind.get(),
              id,
              tenant,
              digest,
              round,
              expiresAt,
              downloads == 0 ? OptionalInt.empty() : OptionalInt.of(downloads)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String readHex(DataInputStream in, int length) throws IOException {
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Seven bits a byte, the lowest first; small numbers are short. */
  private static void writeNumber(DataOutputStream out, long number) throws IOException {
    long rest = number;
    while (rest > 0x7F) {
      out.writeByte((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out.writeByte((int) rest);
  }

  private static long readNumber(DataInputStream in) throws IOException {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      int next = in.readUnsignedByte();
      number |= (next & 0x7FL) << shift;
      if (next < 0x80) {
        return number;
      }
    }
    throw new IOException("A number has too many bytes");
  }
}
