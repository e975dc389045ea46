package dev.sevenfold.backup.sqlite;

import dev.sevenfold.testsupport.Jvm;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A running {@link LedgerWriter}, whose commits are read as it makes them. Thread-safe. */
final class LedgerProcess implements AutoCloseable {

  /**
   * One commit of the writer.
   *
   * @param at when it began, in milliseconds since the epoch
   * @param nanos how long it took
   */
  record Commit(long at, long nanos) {}

  private final Process process;
  private final Thread reader;
  private final List<Commit> commits = Collections.synchronizedList(new ArrayList<>());

  private LedgerProcess(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "commits of the ledger");
  }

  /** Starts a writer, and returns once it has committed. */
  static LedgerProcess start(Path database, int commitsPerSecond) throws IOException {
    Process process =
        Jvm.of(
                List.of("-Dsynchronous=" + System.getProperty("synchronous", "NORMAL")),
                LedgerWriter.class,
                database.toString(),
                Integer.toString(commitsPerSecond),
                "7")
            .start();
    InputStream out = process.getInputStream();
    for (int c = out.read(); c != '\n'; c = out.read()) {
      if (c < 0) {
        throw new IOException("The writer ended before its first commit");
      }
    }
    LedgerProcess writer = new LedgerProcess(process);
    writer.reader.start();
    return writer;
  }

  /** Every commit so far, in order. */
  List<Commit> commits() {
    return List.copyOf(commits);
  }

  private void read() {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
      while (true) {
        commits.add(new Commit(in.readLong(), in.readLong()));
      }
    } catch (EOFException e) {
      // It has ended, and everything is read.
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lets the writer end after its current commit, and waits for that. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      process.waitFor();
      reader.join();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
