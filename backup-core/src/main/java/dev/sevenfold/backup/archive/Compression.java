package dev.sevenfold.backup.archive;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
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
    OutputStream compress(OutputStream out) throws IOException {
      return new ParallelGzipOutputStream(out, threads());
    }

    @Override
    InputStream decompress(InputStream in) throws IOException {
      return GzipCompressorInputStream.builder()
          .setInputStream(in)
          .setDecompressConcatenated(true)
          .get();
    }
  },

  /** Several times as fast, and about as small; needs the {@code zstd} program to be read. */
  ZSTD(".tar.zst", "28b52ffd") {
    @Override
    OutputStream compress(OutputStream out) throws IOException {
      return new BufferedOutputStream(
          new ZstdOutputStreamNoFinalizer(out, ZSTD_LEVEL).setChecksum(true).setWorkers(threads()),
          ZSTD_BUFFER);
    }

    @Override
    InputStream decompress(InputStream in) throws IOException {
      return new ZstdInputStreamNoFinalizer(in).setLongMax(ZSTD_LARGEST_WINDOW);
    }
  };

  private static final int ZSTD_LEVEL = 3;
  private static final int ZSTD_BUFFER = 64 << 10;
  // As much as the zstd program accepts unasked: 128 MiB of memory.
  private static final int ZSTD_LARGEST_WINDOW = 27;
  private static final int MOST_THREADS = 4;
  private static final int LONGEST_MAGIC = 4;

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

  /** Closing the result ends the compressed stream and closes {@code out}. */
  abstract OutputStream compress(OutputStream out) throws IOException;

  abstract InputStream decompress(InputStream in) throws IOException;

  /** Sees how {@code in} is compressed, and opens it. Closing the result closes {@code in}. */
  static InputStream detect(InputStream in) throws IOException {
    PushbackInputStream source = new PushbackInputStream(in, LONGEST_MAGIC);
    byte[] head = source.readNBytes(LONGEST_MAGIC);
    source.unread(head);
    String hex = HexFormat.of().formatHex(head);
    for (Compression compression : values()) {
      if (hex.startsWith(compression.magic)) {
        return compression.decompress(source);
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
