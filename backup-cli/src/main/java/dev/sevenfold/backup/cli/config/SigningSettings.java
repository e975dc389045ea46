package dev.sevenfold.backup.cli.config;

import dev.sevenfold.backup.archive.SigningKeyFile;
import dev.sevenfold.backup.archive.SigningKeys;
import dev.sevenfold.backup.error.OperationFailed;
import dev.sevenfold.backup.source.OwnPlace;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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

  /** Beside the config file, and named like it. */
  static SigningSettings byDefault(Path configFile) {
    Path config = configFile.toAbsolutePath().normalize();
    String name = Objects.requireNonNull(config.getFileName()).toString();
    Path keys = config.resolveSibling(name.replaceFirst("(?i)\\.ya?ml$", "") + ".signing-keys");
    return new SigningSettings(SigningKeyFile.at(keys), false);
  }

  /** Reads the key {@code signing}. */
  static SigningSettings read(YamlValue value) {
    YamlMap signing = value.map("keys", "required");
    return new SigningSettings(
        signing
            .get("keys")
            .map(keys -> SigningKeyFile.at(keys.path()))
            .orElseGet(() -> byDefault(value.file()).file()),
        signing.get("required").map(YamlValue::flag).orElse(false));
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
      file.createIfMissing();
      keys(file::read);
      return file.isOpenToOthers()
          ? Optional.of(
              "the signing keys in %s can be read by others; make them a secret: chmod 600"
                  .formatted(file.path()))
          : Optional.empty();
    } catch (OperationFailed e) {
      return Optional.of(unsigned(e));
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
            "Bring the file back; or make a first key, by key rotate, for a store without archives",
            e);
      }
      return Optional.empty(); // as prepare has said
    }
  }

  /** Does something with the file; says it of the config if that is none of keys. */
  public static <T> T keys(Supplier<T> use) {
    try {
      return use.get();
    } catch (IllegalArgumentException e) {
      throw new ConfigException(
          String.valueOf(e.getMessage()),
          "Write an id, a space, and 64 hexadecimal digits or more. Where the keys are lost, move the"
              + " file away: a new one is made, and archives are restored as before",
          e);
    }
  }

  private String unsigned(OperationFailed failure) {
    return "archives are not signed, for there is no key: %s. Name a file that can be written, as signing: {keys: FILE} in the config"
        .formatted(failure.what());
  }

  /** The file, and what is beside it where somebody was killed who wrote it anew. */
  List<OwnPlace> ownPlaces() {
    return file.all().stream().map(path -> OwnPlace.of("the signing keys", path)).toList();
  }
}
