package dev.sevenfold.backup.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonIdsTest {

  private static final Map<Object, Object> USERS =
      Map.of(1L, 101L, 2L, 102L, "a\"b", "c\"d", 9007199254740993L, 7L);

  private final IdRewriter rewriter = IdRewriter.json(Map.of("user", "users", "members", "users"));

  private String rewritten(String json) {
    return rewriter.rewrite(
        json, (table, id) -> table.equals("users") ? USERS.getOrDefault(id, id) : id);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"user":1}                                     | {"user":101}
          { "user" : 1 , "age":1 }                       | { "user" : 101 , "age":1 }
          {"members":[1, [2],\t3],"x":[1]}              | {"members":[101, [102],\t3],"x":[1]}
          {"members":[{"age":1,"user":2}, 1], "n":1}     | {"members":[{"age":1,"user":102}, 101], "n":1}
          {"user":"1"}                                   | {"user":"101"}
          {"user":"a\\"b", "text":"a\\"b"}               | {"user":"c\\"d", "text":"a\\"b"}
          {"user":9007199254740993}                      | {"user":7}
          {"user":123456789012345678901234567890}        | {"user":123456789012345678901234567890}
          {"user":1.0,"a":{"b":[{"user":1}]},"user":2}   | {"user":1.0,"a":{"b":[{"user":101}]},"user":102}
          [1,2]                                          | [1,2]
          1                                              | 1
          {"user":null,"é":"ü","user":  2}               | {"user":null,"é":"ü","user":  102}
          """)
  void only_ids_change(String before, String after) {
    assertThat(rewritten(before)).isEqualTo(after);
  }

  @Test
  void what_is_no_json_is_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> rewritten("{\"user\":1"))
        .withMessageContaining("no JSON");
    assertThatIllegalArgumentException().isThrownBy(() -> IdRewriter.json(Map.of()));
  }
}
