package dev.sevenfold.backup.cli.config;

import dev.sevenfold.backup.error.Printable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a YAML file into nodes that know their lines. */
final class YamlFile {

  private YamlFile() {}

  /** What is in a folder that may not be entered is not known to be missing. */
  private static void requireEntered(Path file) {
    try {
      Files.readAttributes(file, BasicFileAttributes.class);
    } catch (AccessDeniedException e) {
      Path closed = file.toAbsolutePath().getRoot();
      for (Path name : file.toAbsolutePath()) {
        if (!Files.isExecutable(closed)) {
          break;
        }
        closed = closed.resolve(name);
      }
      throw new ConfigException(
          "the config file " + file + " cannot be reached: " + closed + " may not be entered",
          "Let the user that this process runs as enter that folder, or run as one who may",
          e);
    } catch (IOException e) {
      // Not there, or no file: what follows says so.
      return;
    }
  }

  /** The file's one document. */
  static YamlValue read(Path file) {
    requireEntered(file);
    if (!Files.exists(file) || Files.isDirectory(file)) {
      throw new ConfigException("there is no config file " + file, "Check the path after --config");
    }
    try (InputStream in = Files.newInputStream(file)) {
      Optional<Node> root =
          new Compose(LoadSettings.builder().setLabel(file.toString()).setUseMarks(true).build())
              .composeInputStream(in);
      return new YamlValue(
          file,
          "",
          root.orElseThrow(
              () ->
                  new ConfigException(
                      file + " is empty", "Write at least the keys database, tenants and store")));
    } catch (MarkedYamlEngineException e) {
      String line = e.getProblemMark().map(mark -> ", line " + (mark.getLine() + 1)).orElse("");
      throw new ConfigException(file + line + ": " + e.getProblem(), "Correct the YAML there", e);
    } catch (YamlEngineException e) {
      if (e.getCause() instanceof CharacterCodingException) {
        throw new ConfigException(
            file + ", line " + lineThatIsNotUtf8(file) + ": the text is not UTF-8",
            "Save the file as UTF-8",
            e);
      }
      String why = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
      throw new ConfigException(
          file + " is no YAML: " + why, "Write it as UTF-8 text, one document", e);
    } catch (IOException e) {
      throw new ConfigException(
          "the config file " + file + " could not be read: " + Printable.reason(e),
          "Check its permissions",
          e);
    }
  }

  private static int lineThatIsNotUtf8(Path file) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
      CharBuffer text = CharBuffer.allocate(bytes.remaining());
      StandardCharsets.UTF_8.newDecoder().decode(bytes, text, true);
      return 1 + (int) text.flip().chars().filter(c -> c == '\n').count();
    } catch (IOException e) {
      throw new ConfigException(
          "the config file " + file + " could not be read: " + Printable.reason(e),
          "Check its permissions",
          e);
    }
  }
}
