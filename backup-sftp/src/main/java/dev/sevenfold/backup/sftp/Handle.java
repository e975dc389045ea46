package dev.sevenfold.backup.sftp;

import org.apache.sshd.common.util.buffer.Buffer;

/** A file or folder that is open on the server. Immutable. */
final class Handle {

  private final String path;
  private final byte[] name;

  /**
   * @param path what is open, for messages
   * @param name what the server calls it
   */
  Handle(String path, byte[] name) {
    this.path = path;
    this.name = name;
  }

  String path() {
    return path;
  }

  /** Begins a request about what is open. */
  Buffer request(int lengthHint) {
    Buffer request = SftpChannel.request(Integer.BYTES + name.length + lengthHint);
    appendTo(request);
    return request;
  }

  void appendTo(Buffer request) {
    request.putBytes(name);
  }
}
