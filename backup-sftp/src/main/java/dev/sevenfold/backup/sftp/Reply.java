package dev.sevenfold.backup.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.BufferException;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** The server's answer to one request. Use from one thread. */
final class Reply {

  static final int ATTRIBUTES = 105;
  static final int EXTENDED = 201;

  private static final int STATUS = 101;
  private static final int HANDLE = 102;
  private static final int DATA = 103;
  private static final int NAMES = 104;

  private static final int OK = 0;
  private static final int END = 1;

  private final String what;
  private final int type;
  private final Buffer fields;

  /**
   * @param what what was asked for, for messages
   * @param packet the answer: type, number, fields
   */
  Reply(String what, byte[] packet) {
    this.what = what;
    this.fields = new ByteArrayBuffer(packet);
    this.type = fields.getUByte();
    fields.getInt();
  }

  /** Requires that it was done. */
  void done() throws IOException {
    int status = parse(STATUS, Buffer::getInt);
    if (status != OK) {
      throw refused(status);
    }
  }

  /** The handle of what was opened. */
  byte[] handle() throws IOException {
    return parse(HANDLE, Buffer::getBytes);
  }

  /**
   * Copies the bytes that were read; gives how many they are, -1 at the end of the file.
   *
   * @param most how many were asked for
   */
  int readInto(byte[] bytes, int most) throws IOException {
    if (isEnd()) {
      return -1;
    }
    int length = parse(DATA, Buffer::getInt);
    if (length <= 0 || length > most || length > fields.available()) {
      throw new IOException(what + ": " + most + " bytes were asked for, " + length + " came");
    }
    fields.getRawBytes(bytes, 0, length);
    return length;
  }

  /** Adds the names of this part of a listing; false if there are no more parts. */
  boolean addNames(Map<String, RemoteFile> files) throws IOException {
    if (isEnd()) {
      return false;
    }
    for (int left = parse(NAMES, Buffer::getInt); left > 0; left--) {
      String name = parse(NAMES, names -> names.getString(UTF_8));
      parse(NAMES, Buffer::getBytes); // the same, as ls shows it
      files.put(name, parse(NAMES, RemoteFile::read));
    }
    return true;
  }

  private boolean isEnd() throws IOException {
    if (type != STATUS) {
      return false;
    }
    int status = parse(STATUS, Buffer::getInt);
    if (status != END) {
      throw refused(status);
    }
    return true;
  }

  /** Reads fields of an answer that has to be of this type. */
  <T> T parse(int wanted, Function<Buffer, T> parser) throws IOException {
    try {
      if (type == STATUS && wanted != STATUS) {
        throw refused(fields.getInt());
      }
      if (type != wanted) {
        throw new IOException(what + ": the server answered with a packet of type " + type);
      }
      return parser.apply(fields);
    } catch (BufferException e) {
      throw new IOException(what + ": the server's answer is cut short", e);
    }
  }

  private IOException refused(int status) {
    String words;
    try {
      words = fields.getString(UTF_8);
    } catch (BufferException e) {
      words = "no reason given";
    }
    return new RequestRefused(what, status, words);
  }
}
