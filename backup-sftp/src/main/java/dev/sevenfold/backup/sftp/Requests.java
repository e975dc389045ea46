package dev.sevenfold.backup.sftp;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.sftp.client.SftpClient.Handle;
import org.apache.sshd.sftp.common.SftpConstants;

/** Requests of SFTP as bytes, with room in front for what is known when they are sent. */
final class Requests {

  /** What comes before a request: its length, what it is, and its number. */
  private static final int HEADER_LENGTH = 9;

  private Requests() {}

  private static Buffer request(int length) {
    Buffer request = new ByteArrayBuffer(HEADER_LENGTH + length, false);
    request.wpos(HEADER_LENGTH);
    request.rpos(HEADER_LENGTH);
    return request;
  }

  /** A request that begins with these texts. */
  static Buffer request(String... texts) {
    Buffer request = request(64 * texts.length);
    for (String text : texts) {
      request.putString(text, UTF_8);
    }
    return request;
  }

  /** A request about an open file, with room for so many more bytes. */
  static Buffer request(Handle handle, int length) {
    Buffer request = request(Integer.BYTES + handle.length() + length);
    request.putBytes(handle.getIdentifier());
    return request;
  }

  static void putPermissions(Buffer request, int permissions) {
    request.putUInt(SftpConstants.SSH_FILEXFER_ATTR_PERMISSIONS);
    request.putUInt(permissions);
  }

  /** A request as it is sent. */
  static Buffer whole(int command, int id, Buffer request) {
    int length = request.available();
    Buffer whole = request;
    if (request.rpos() < HEADER_LENGTH) { // one of the library's
      whole = request(length);
      whole.putBuffer(request);
    }
    int end = whole.wpos();
    int start = whole.rpos() - HEADER_LENGTH;
    whole.rpos(start);
    whole.wpos(start);
    whole.putUInt(HEADER_LENGTH - Integer.BYTES + length);
    whole.putByte((byte) command);
    whole.putInt(id);
    whole.wpos(end);
    return whole;
  }
}
