package dev.sevenfold.backup.cli.generated;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/**
 * How an application names and keys what it has. Immutable.
 *
 * @param tables how tables are spelled
 * @param columns how columns are spelled
 * @param plural whether tables are named in the plural
 * @param keys what keys are
 * @param ownKeys whether a key has the name of its table: {@code order_id} of {@code orders}
 * @param modules whether tables have the name of a module before theirs
 * @param declared of ten references, how many are declared
 * @param types how a class is spelled that a type names
 * @param tenantColumns of ten tables, how many have the tenant's key
 * @param idsInTexts whether ids beside a type are texts, whatever the keys are
 */
record Manner(
    Spelling tables,
    Spelling columns,
    boolean plural,
    Keys keys,
    boolean ownKeys,
    boolean modules,
    int declared,
    Types types,
    int tenantColumns,
    boolean idsInTexts) {

  enum Spelling {
    SNAKE,
    CAMEL,
    PASCAL;

    String of(List<String> words) {
      if (this == SNAKE) {
        return String.join("_", words);
      }
      StringBuilder name = new StringBuilder();
      for (String word : words) {
        boolean small = this == CAMEL && name.isEmpty();
        name.append(
            small ? word : word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1));
      }
      return name.toString();
    }
  }

  enum Keys {
    INTEGER("INTEGER"),
    COUNTING("INTEGER"),
    UUID("TEXT"),
    BLOB("BLOB"),
    ULID("TEXT");

    final String type;

    Keys(String type) {
      this.type = type;
    }

    boolean areNumbers() {
      return type.equals("INTEGER");
    }
  }

  enum Types {
    CLASS,
    NAMESPACE,
    LABEL,
    TABLE,
    WORD
  }

  static Manner drawn(Random random) {
    Spelling tables = pick(random, Spelling.SNAKE, Spelling.SNAKE, Spelling.CAMEL, Spelling.PASCAL);
    return new Manner(
        tables,
        tables == Spelling.SNAKE && random.nextInt(6) == 0 ? Spelling.CAMEL : tables,
        random.nextInt(5) > 0,
        pick(
            random,
            Keys.INTEGER,
            Keys.INTEGER,
            Keys.INTEGER,
            Keys.COUNTING,
            Keys.UUID,
            Keys.UUID,
            Keys.BLOB,
            Keys.ULID),
        random.nextInt(6) == 0,
        random.nextInt(3) == 0,
        pick(random, 0, 0, 5, 10),
        pick(random, Types.values()),
        pick(random, 1, 4, 7, 9),
        random.nextInt(4) == 0);
  }

  @SafeVarargs
  static <T> T pick(Random random, T... from) {
    return from[random.nextInt(from.length)];
  }

  String table(Noun noun) {
    return tables.of(plural ? noun.inPlural() : noun.qualified());
  }

  String key(Noun noun) {
    return ownKeys ? column(noun.words(), "id") : columns.of(List.of("id"));
  }

  String column(List<String> words, String ending) {
    List<String> all = new ArrayList<>(words);
    all.add(ending);
    return columns.of(all);
  }

  /** What a type is called that stands for the table of a noun. */
  String type(Noun noun) {
    String name = Spelling.PASCAL.of(noun.words());
    String module = Spelling.PASCAL.of(noun.module());
    return switch (types) {
      case CLASS -> module.isEmpty() ? name : module + "::" + name;
      case NAMESPACE -> "App\\Models\\" + (module.isEmpty() ? name : module + '\\' + name);
      case LABEL -> ((module.isEmpty() ? "app" : module) + '.' + name).toLowerCase(Locale.ROOT);
      case TABLE -> table(noun);
      case WORD -> Spelling.SNAKE.of(noun.words());
    };
  }

  /** The key of the row of this number. */
  Object newKey(Random random, long number) {
    return switch (keys) {
      case INTEGER, COUNTING -> number;
      case UUID -> uuid(random).toString();
      case BLOB -> bytes(uuid(random));
      case ULID ->
          "01J"
              + String.format(Locale.ROOT, "%023X", number * 7919 + random.nextInt(7919))
                  .toUpperCase(Locale.ROOT);
    };
  }

  private static UUID uuid(Random random) {
    byte[] bytes = new byte[16];
    random.nextBytes(bytes);
    bytes[6] = (byte) ((bytes[6] & 0x0f) | 0x40);
    bytes[8] = (byte) ((bytes[8] & 0x3f) | 0x80);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new UUID(buffer.getLong(), buffer.getLong());
  }

  private static byte[] bytes(UUID uuid) {
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }
}
