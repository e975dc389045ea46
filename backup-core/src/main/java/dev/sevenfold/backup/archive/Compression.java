package dev.sevenfold.backup.archive;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.sevenfold.backup.io.NativeZstd;
import dev.sevenfold.backup.io.ParallelGzipOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.util.HexFormat;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/**
 * How an archive is compressed. A writer is told; a reader sees it by the first bytes of the
 * archive, never by its name.
 */
public enum Compression {
  /** Read by everything that there is. The default. */
  GZIP(".tar.gz", "1f8b") {
    @Override
    Seal seal() {
      // A member with a field "7S" in its header, and 1,024 zeros as its content.
      return new Seal("1f8b08040000000000ff240037532000", "63601805a360148c5400002eafb5ef00040000");
    }

    @Override
    OutputStream compress(OutputStream out) throws IOException {
      return new ParallelGzipOutputStream(out, threads());
    }

    @Override
    InputStream decompress(InputStream in) throws IOException {
      return GzipCompressorInputStream.builder()
          .setInputStream(in)
          .setDecompressConcatenated(true)
          .setOnMemberEnd(new NoEmptyMember()::check)
          .get();
    }
  },

  /** Several times as fast, and about as small; needs the {@code zstd} program to be read. */
  ZSTD(".tar.zst", "28b52ffd") {
    @Override
    Seal seal() {
      // A frame that is skipped, and one with 1,024 zeros as its content.
      return new Seal("572a4d1820000000", "28b52ffd04584d00001000000100fb2b8005cdac85f0");
    }

    @Override
    OutputStream compress(OutputStream out) throws IOException {
      try {
        return new BufferedOutputStream(
            new ZstdOutputStreamNoFinalizer(out, ZSTD_LEVEL)
                .setChecksum(true)
                .setWorkers(threads()),
            ZSTD_BUFFER);
      } catch (LinkageError e) {
        throw NativeZstd.failure(e);
      }
    }

    @Override
    InputStream decompress(InputStream in) throws IOException {
      try {
        return new ZstdInputStreamNoFinalizer(in).setLongMax(ZSTD_LARGEST_WINDOW);
      } catch (LinkageError e) {
        throw NativeZstd.failure(e);
      }
    }
  };

  /** Refuses members that hold nothing: whoever appends one changes an archive unnoticed. */
  private static final class NoEmptyMember {
    private long before;

    private void check(GzipCompressorInputStream in) {
      long now = in.getBytesRead();
      if (now == before) {
        throw Corrupt.archive("The archive has a gzip member that holds nothing");
      }
      before = now;
    }
  }

  private static final int ZSTD_LEVEL = 3;
  private static final int ZSTD_BUFFER = 64 << 10;
  // As much as the zstd program accepts unasked: 128 MiB of memory.
  private static final int ZSTD_LARGEST_WINDOW = 27;
  private static final int MOST_THREADS = 4;

  /** How many bytes {@link #detect} gives back to its stream. */
  static final int LONGEST_MAGIC = 4;

  private final String fileSuffix;
  private final String magic;

  Compression(String fileSuffix, String magic) {
    this.fileSuffix = fileSuffix;
    this.magic = magic;
  }

  /** What the name of such a file ends with, by custom: {@code .tar.gz}. */
  public String fileSuffix() {
    return fileSuffix;
  }

  /** What a whole archive ends with, behind its compressed stream. */
  abstract Seal seal();

  /** Closing the result ends the compressed stream and closes {@code out}. */
  abstract OutputStream compress(OutputStream out) throws IOException;

  /** Closing the result closes {@code in}. */
  abstract InputStream decompress(InputStream in) throws IOException;

  /** Sees how {@code in} is compressed; it can then be read from its first byte on. */
  static Compression detect(PushbackInputStream in) throws IOException {
    byte[] head = in.readNBytes(LONGEST_MAGIC);
    in.unread(head);
    String hex = HexFormat.of().formatHex(head);
    for (Compression compression : values()) {
      if (hex.startsWith(compression.magic)) {
        return compression;
      }
    }
    throw Corrupt.archive(
        hex.isEmpty()
            ? "This is no archive: it is empty"
            : "This is no archive: it is neither gzip nor zstd, its first bytes are " + hex);
  }

  private static int threads() {
    return Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS);
  }
}
