package dev.sevenfold.backup.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Compresses with several threads into one ordinary gzip member. The same bytes give the same
 * output, whatever the number of threads and the sizes of the writes.
 *
 * <p>The input is cut into blocks. Each is deflated on its own, with the end of the block before it
 * as its dictionary, and ends on a byte boundary, so that the pieces put together are one deflate
 * stream (as pigz does it).
 *
 * <p>{@link #close()} ends the member, stops the threads and closes the stream below. Use from one
 * thread.
 */
public final class ParallelGzipOutputStream extends OutputStream {

  public static final String THREAD_NAME = "sevenfold-gzip-";

  public static final int BLOCK = 256 << 10;

  private static final int DICTIONARY = 32 << 10;
  private static final int HEADROOM = 64;

  // Deflate, no flags, no time, no extra flags, operating system unknown: nothing of this machine.
  private static final byte[] HEADER = {
    0x1f, (byte) 0x8b, Deflater.DEFLATED, 0, 0, 0, 0, 0, 0, (byte) 0xff
  };

  private static final AtomicInteger THREADS = new AtomicInteger();

  private final OutputStream out;
  private final ExecutorService workers;
  private final int mostPending;
  private final Deque<Future<byte[]>> pending = new ArrayDeque<>();
  private final CRC32 crc = new CRC32();

  private byte[] dictionary = {};
  private byte[] block = new byte[BLOCK];
  private int filled;
  private int length;
  private boolean closed;

  public ParallelGzipOutputStream(OutputStream out, int threads) throws IOException {
    this.out = out;
    mostPending = 2 * threads;
    out.write(HEADER);
    workers = Executors.newFixedThreadPool(threads, ParallelGzipOutputStream::thread);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, THREAD_NAME + THREADS.incrementAndGet());
    // A host that shuts down must not wait for a backup.
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    Objects.checkFromIndexSize(offset, count, bytes.length);
    if (closed) {
      throw new IOException("The stream is closed");
    }
    crc.update(bytes, offset, count);
    length += count; // gzip keeps it modulo 2^32
    int written = 0;
    while (written < count) {
      if (filled == block.length) {
        submit(false);
      }
      int step = Math.min(count - written, block.length - filled);
      System.arraycopy(bytes, offset + written, block, filled, step);
      filled += step;
      written += step;
    }
  }

  // No flush(): to end a block early would make the output depend on when somebody flushed.

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try (out) {
      submit(true);
      while (!pending.isEmpty()) {
        writeOldest();
      }
      out.write(trailer());
    } finally {
      workers.shutdownNow();
    }
  }

  private byte[] trailer() {
    return ByteBuffer.allocate(2 * Integer.BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt((int) crc.getValue())
        .putInt(length)
        .array();
  }

  private void submit(boolean last) throws IOException {
    if (pending.size() == mostPending) {
      writeOldest();
    }
    byte[] input = block;
    int inputLength = filled;
    byte[] before = dictionary;
    pending.add(workers.submit(() -> deflate(input, inputLength, before, last)));
    dictionary = Arrays.copyOfRange(input, Math.max(0, inputLength - DICTIONARY), inputLength);
    block = new byte[last ? 0 : BLOCK];
    filled = 0;
  }

  private void writeOldest() throws IOException {
    try {
      out.write(pending.remove().get());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Interrupts.failure("Writing the archive", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException("Deflating in memory cannot fail", e.getCause());
    }
  }

  private static byte[] deflate(byte[] input, int length, byte[] dictionary, boolean last) {
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setDictionary(dictionary);
      deflater.setInput(input, 0, length);
      if (last) {
        deflater.finish();
      }
      int flush = last ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH;
      byte[] output = new byte[length + HEADROOM];
      int filled = deflater.deflate(output, 0, output.length, flush);
      // Only when the output is not filled to its end is a flush known to be complete.
      while (filled == output.length) {
        output = Arrays.copyOf(output, output.length * 2);
        filled += deflater.deflate(output, filled, output.length - filled, flush);
      }
      return Arrays.copyOf(output, filled);
    } finally {
      deflater.end();
    }
  }
}
