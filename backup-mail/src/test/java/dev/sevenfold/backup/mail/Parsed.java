package dev.sevenfold.backup.mail;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.james.mime4j.dom.Entity;
import org.apache.james.mime4j.dom.Message;
import org.apache.james.mime4j.dom.Multipart;
import org.apache.james.mime4j.dom.TextBody;
import org.apache.james.mime4j.message.DefaultMessageBuilder;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.stream.MimeConfig;

/** A message, read by another library than the one that wrote it. */
final class Parsed {

  private final Message message;

  private Parsed(Message message) {
    this.message = message;
  }

  static Parsed of(String raw) {
    DefaultMessageBuilder builder = new DefaultMessageBuilder();
    builder.setMimeEntityConfig(MimeConfig.STRICT);
    try (InputStream in = new ByteArrayInputStream(raw.getBytes(ISO_8859_1))) {
      return new Parsed(builder.parseMessage(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Message message() {
    return message;
  }

  List<String> headerNames() {
    return message.getHeader().getFields().stream().map(Field::getName).toList();
  }

  String header(String name) {
    return message.getHeader().getField(name).getBody();
  }

  String text() {
    return body(0, "text/plain");
  }

  String html() {
    return body(1, "text/html");
  }

  private String body(int part, String type) {
    Entity entity = ((Multipart) message.getBody()).getBodyParts().get(part);
    if (!type.equals(entity.getMimeType()) || !"utf-8".equalsIgnoreCase(entity.getCharset())) {
      throw new AssertionError(
          "Part %d is %s in %s".formatted(part, entity.getMimeType(), entity.getCharset()));
    }
    StringWriter text = new StringWriter();
    try (Reader reader =
        new InputStreamReader(((TextBody) entity.getBody()).getInputStream(), UTF_8)) {
      reader.transferTo(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString().replace("\r\n", "\n");
  }
}
