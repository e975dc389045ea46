package dev.sevenfold.backup.cli.config;

import dev.sevenfold.backup.archive.SigningKeyFile;
import dev.sevenfold.backup.archive.SigningKeys;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.source.OwnPlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * What archives are signed with, as the key {@code signing} says: keys that this program makes
 * itself, beside the config file unless another place is named. They tell what comes back from
 * outside, and make nothing else stricter, unless they are required. Immutable.
 *
 * @param file the keys
 * @param required whether archives are read only if they are signed
 */
public record SigningSettings(SigningKeyFile file, boolean required) {

  private static final String ANOTHER = "name another file";
  private static final String SUFFIX = ".signing-keys";

  /**
   * Beside the config file, and named like it. Where a link leads to the config, beside the file
   * itself: else each link, and each release that has a new one, would have keys of its own.
   */
  static SigningSettings byDefault(Path configFile) {
    Path config = real(configFile);
    String name = Objects.requireNonNull(config.getFileName()).toString();
    Path keys = config.resolveSibling(name.replaceFirst("(?i)\\.ya?ml$", "") + SUFFIX);
    return new SigningSettings(SigningKeyFile.at(keys), false);
  }

  private static Path real(Path configFile) {
    try {
      return configFile.toRealPath();
    } catch (IOException e) {
      // It was read from a pipe, or it went in between.
      return configFile.toAbsolutePath().normalize();
    }
  }

  /** Reads the key {@code signing}. */
  static SigningSettings read(YamlValue value) {
    YamlMap signing = value.map("keys", "required");
    return new SigningSettings(
        signing
            .get("keys")
            .map(SigningSettings::file)
            .orElseGet(() -> byDefault(value.file()).file()),
        signing.get("required").map(YamlValue::flag).orElse(false));
  }

  private static SigningKeyFile file(YamlValue value) {
    Path path = value.path();
    if (path.getFileName() == null) {
      throw value.wrong("is " + path + ", which is no file", "Write the path of a file of keys");
    }
    return SigningKeyFile.at(path);
  }

  /**
   * Makes the first key, unless there is one or it has to be an old one.
   *
   * @return what a person should know of the keys; empty if all is well
   */
  public Optional<String> prepare() {
    if (required && !file.exists()) {
      return Optional.empty();
    }
    try {
      keys(
          () -> {
            file.createIfMissing();
            return file.read();
          });
      return file.isOpenToOthers()
          ? Optional.of(
              "the signing keys in %s can be read by others; make them a secret: chmod 600"
                  .formatted(file.path()))
          : Optional.empty();
    } catch (OperationFailed e) {
      // Where they are required, keys() says why there are none, and nothing goes on without.
      return required
          ? Optional.empty()
          : Optional.of("archives are not signed: %s. %s".formatted(e.what(), e.advice()));
    }
  }

  /**
   * The keys, as far as there are any.
   *
   * @throws ConfigException if the file is none of keys, or they are required and not to be had
   */
  public Optional<SigningKeys> keys() {
    try {
      return Optional.of(keys(file::read));
    } catch (OperationFailed e) {
      if (required) {
        throw new ConfigException(
            e.what() + ", and signing.required is true",
            file.exists()
                ? e.advice()
                : "Bring the file back; or make a first key, by key rotate, for a store without"
                    + " archives",
            e);
      }
      return Optional.empty(); // as prepare has said
    }
  }

  /**
   * Does something with the file; says it of the config if that is none of keys, and how the config
   * names another one.
   */
  public static <T> T keys(Supplier<T> use) {
    try {
      return use.get();
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          String.valueOf(e.getMessage()),
          "Write an id, a space, and 64 hexadecimal digits or more. Where the keys are lost, move the"
              + " file away: a new one is made, and archives are restored as before",
          e);
    } catch (OperationFailed e) {
      throw new OperationFailed(
          e.what(),
          e.advice().replace(ANOTHER, ANOTHER + ", as signing: {keys: FILE} in the config"),
          e);
    }
  }

  /**
   * The file, what is beside it while somebody writes it anew, and afterwards if that one was
   * killed; and those of other configs beside this one, whose backups sign with them. A folder has
   * no keys, so what lies in it is the host's.
   */
  List<OwnPlace> ownPlaces(Path configFile) {
    List<OwnPlace> places = new ArrayList<>();
    if (!Files.isDirectory(file.path())) {
      places.add(OwnPlace.of("the signing keys", file.path()));
      for (SigningKeyFile each : List.of(file, file.real())) {
        places.add(namedBeside(each.path(), each::isOwnName));
      }
    }
    for (Path config : List.of(configFile.toAbsolutePath(), real(configFile))) {
      places.add(
          namedBeside(config, name -> name.endsWith(SUFFIX) || name.contains(SUFFIX + ".new-")));
    }
    return List.copyOf(places);
  }

  private static OwnPlace namedBeside(Path file, Predicate<String> names) {
    Path folder = Objects.requireNonNull(file.getParent());
    return OwnPlace.namedIn(
        "a signing key",
        folder,
        name -> names.test(name) && !Files.isDirectory(folder.resolve(name)));
  }
}
