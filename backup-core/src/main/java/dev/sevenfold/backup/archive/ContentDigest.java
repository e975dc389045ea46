package dev.sevenfold.backup.archive;

import dev.sevenfold.backup.io.Sha256;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/**
 * The content of a table as one number: the sum of its rows' SHA-256, modulo 2^256. Two tables of
 * equal rows have equal digests, in whatever order the rows are read; a value that differs in its
 * type alone differs. The digest of no row is 64 zeros.
 *
 * <p>Feed each row's stored columns in the order of their definition, then call {@link #endRow()}.
 * What a row is digested as is specified in {@code docs/archive-format.md}.
 *
 * <p>It shows what an accident changed. It is no proof against a forger, who can look for rows that
 * add up; the archive's signature is.
 *
 * <p>Use from one thread.
 */
public final class ContentDigest {

  private static final byte NULL = 0;
  private static final byte INTEGER = 1;
  private static final byte REAL = 2;
  private static final byte TEXT = 3;
  private static final byte BLOB = 4;

  private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(Sha256.BYTES * Byte.SIZE);
  private static final int HEADER = 1 + Long.BYTES;

  private final MessageDigest row = Sha256.digest();
  // Most rows fit: one update for a row is several times as fast as one for each value.
  private final ByteBuffer buffer = ByteBuffer.allocate(4_096);
  private BigInteger sum = BigInteger.ZERO;
  private boolean inRow;

  /** A digest of no row. */
  public ContentDigest() {}

  /** The row's next value is NULL. */
  public void nullValue() {
    room(1);
    buffer.put(NULL);
  }

  /** The row's next value is an integer. */
  public void integer(long value) {
    room(HEADER);
    buffer.put(INTEGER).putLong(value);
  }

  /** The row's next value is a real number; {@code -0.0} is another one than {@code 0.0}. */
  public void real(double value) {
    room(HEADER);
    buffer.put(REAL).putLong(Double.doubleToRawLongBits(value));
  }

  /** The row's next value is text, as the bytes that the database stores. */
  public void text(byte[] stored) {
    bytes(TEXT, stored);
  }

  /** The row's next value is a blob. */
  public void blob(byte[] value) {
    bytes(BLOB, value);
  }

  /** The row is complete. */
  public void endRow() {
    flush();
    sum = sum.add(new BigInteger(1, row.digest()));
    inRow = false;
  }

  /**
   * The digest of the rows so far, as 64 lower-case hexadecimal digits.
   *
   * @throws IllegalStateException if a row is begun and not ended
   */
  public String hex() {
    if (inRow) {
      throw new IllegalStateException("The last row is not ended");
    }
    return "%064x".formatted(sum.mod(MODULUS));
  }

  private void bytes(byte tag, byte[] value) {
    room(HEADER);
    buffer.put(tag).putLong(value.length);
    if (value.length <= buffer.remaining()) {
      buffer.put(value);
    } else {
      flush();
      row.update(value);
    }
  }

  private void room(int bytes) {
    inRow = true;
    if (buffer.remaining() < bytes) {
      flush();
    }
  }

  private void flush() {
    row.update(buffer.array(), 0, buffer.position());
    buffer.clear();
  }
}
