package dev.sevenfold.backup.sftp;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Puts packets together again that arrive in pieces: four bytes of length, then as many bytes. Used
 * by the one thread that reads the connection.
 */
final class PacketAssembler {

  /** Takes a packet, without its length. */
  @FunctionalInterface
  interface Receiver {
    void accept(byte[] packet) throws IOException;
  }

  /** As much as OpenSSH allows; a longer one is no packet, but a server that speaks no SFTP. */
  static final int MAX_LENGTH = 256 * 1024;

  private final Receiver receiver;
  private int length;
  private int lengthBytes;
  private byte @Nullable [] packet;
  private int filled;

  PacketAssembler(Receiver receiver) {
    this.receiver = receiver;
  }

  void add(byte[] bytes, int offset, int count) throws IOException {
    int at = offset;
    int end = offset + count;
    while (at < end) {
      byte[] current = packet;
      if (current == null) {
        addLengthByte(bytes[at]);
        at++;
        continue;
      }
      int part = Math.min(end - at, current.length - filled);
      System.arraycopy(bytes, at, current, filled, part);
      at += part;
      filled += part;
      if (filled == current.length) {
        packet = null;
        receiver.accept(current);
      }
    }
  }

  private void addLengthByte(byte b) throws IOException {
    length = (length << 8) | (b & 0xFF);
    lengthBytes++;
    if (lengthBytes < Integer.BYTES) {
      return;
    }
    // The shortest answer is a type and an id.
    if (length < 5 || length > MAX_LENGTH) {
      throw new IOException(
          "The server does not speak SFTP: it announced a packet of "
              + Integer.toUnsignedString(length)
              + " bytes");
    }
    packet = new byte[length];
    filled = 0;
    length = 0;
    lengthBytes = 0;
  }
}
