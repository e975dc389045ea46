package dev.sevenfold.backup.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JobArgumentsTest {

  @Test
  void reads_pairs_and_keeps_the_text() {
    JobArguments arguments =
        JobArguments.parse("controller:background_jobs,url:https://x:1/,empty:");

    assertThat(arguments.get("controller")).contains("background_jobs");
    assertThat(arguments.get("other")).isEmpty();
    assertThat(arguments.asMap())
        .isEqualTo(Map.of("controller", "background_jobs", "url", "https://x:1/", "empty", ""));
    assertThat(arguments).hasToString("controller:background_jobs,url:https://x:1/,empty:");
    assertThat(JobArguments.parse("")).isSameAs(JobArguments.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "controller",
        "a:1,",
        ",a:1",
        "a:1,,b:2",
        ":1",
        "a:1, b:2",
        "a: 1",
        "a:1 ",
        "1a:b",
        "a:1,a:2",
        "a:1\nb:2",
        " "
      })
  void refuses_everything_else_and_names_it(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JobArguments.parse(text))
        .withMessageContaining("\"" + text + "\"")
        .withMessageContaining("Write key:value,key:value");
  }

  @Test
  void refuses_texts_without_end() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> JobArguments.parse("a:" + "x".repeat(1_000)))
        .withMessageContaining("1002 characters");
  }
}
