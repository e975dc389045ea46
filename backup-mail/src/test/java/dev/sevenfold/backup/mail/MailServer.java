package dev.sevenfold.backup.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.sevenfold.testsupport.Programs;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A real mail server on the loopback, Debian's aiosmtpd. Use from one thread. */
final class MailServer implements AutoCloseable {

  /** A mail that it took. */
  record Mail(String sender, String to, boolean tls, String user, String content) {}

  private static final Path SCRIPT = Path.of("src/test/resources/smtp/server.py").toAbsolutePath();

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private int port;

  private MailServer(Process process) {
    this.process = process;
    Thread reader = new Thread(this::read, "mail-server-output");
    reader.setDaemon(true);
    reader.start();
  }

  static void requireInstalled() {
    Programs.require("aiosmtpd", "python3-aiosmtpd");
  }

  /** Starts one. {@code port} may be 0; with a certificate it speaks TLS as {@code mode} says. */
  static MailServer start(String mode, int port, String... more) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("/usr/bin/python3", SCRIPT.toString(), mode, Integer.toString(port)));
    command.addAll(List.of(more));
    try {
      MailServer server =
          new MailServer(
              new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
      server.port = Integer.parseInt(server.next("ready").getOrDefault("port", "0"));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      // The server was stopped while it was speaking; whoever waits for a line says so.
      lines.add("ended {}");
    }
  }

  private Map<String, String> next(String word) {
    try {
      String line = lines.poll(60, TimeUnit.SECONDS);
      if (line == null || !line.startsWith(word + " ")) {
        throw new AssertionError("The mail server said " + line + ", not " + word);
      }
      return parse(line.substring(word.length() + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> parse(String json) throws IOException {
    Map<String, String> values = new HashMap<>();
    try (JsonParser parser = new JsonFactory().createParser(json)) {
      String name = "";
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.FIELD_NAME) {
          name = parser.currentName();
        } else if (token.isScalarValue()) {
          values.merge(name, parser.getText(), (one, other) -> one + "," + other);
        }
      }
    }
    return values;
  }

  int port() {
    return port;
  }

  boolean hasTakenNothing() {
    return lines.isEmpty();
  }

  /** The next mail that it took. */
  Mail next() {
    Map<String, String> mail = next("mail");
    return new Mail(
        mail.getOrDefault("sender", ""),
        mail.getOrDefault("to", ""),
        Boolean.parseBoolean(mail.getOrDefault("tls", "")),
        mail.getOrDefault("user", ""),
        mail.getOrDefault("content", ""));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
