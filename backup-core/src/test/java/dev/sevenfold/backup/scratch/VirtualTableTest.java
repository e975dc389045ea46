package dev.sevenfold.backup.scratch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the text of a virtual table says that its rows are elsewhere. */
class VirtualTableTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE VIRTUAL TABLE words USING fts5(title, content='posts')",
        "create virtual table if not exists main.words using FTS5 ( title , CONTENT = posts )",
        "CREATE VIRTUAL TABLE \"a USING b\" USING \"fts5\"(content=\"\",title)",
        "CREATE VIRTUAL TABLE w USING fts5(a, cont='')",
        "CREATE VIRTUAL TABLE w USING fts5(a /* , */, tokenize = 'porter (x', content='p,q')",
        "CREATE VIRTUAL TABLE w USING fts4(content=\"posts\", title)",
      })
  void texts_that_are_elsewhere(String create) {
    assertThat(VirtualTable.of(create).keepsRows(true)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE VIRTUAL TABLE words USING fts5(title)",
        "CREATE VIRTUAL TABLE words USING fts5(title, content)",
        "CREATE VIRTUAL TABLE words USING fts5(title, 'content', content_rowid='id')",
        "CREATE VIRTUAL TABLE words USING fts5(title, tokenize = 'unicode61 content=x')",
        "CREATE VIRTUAL TABLE \"content=\" USING fts5(title -- , content='x'\n)",
        "CREATE VIRTUAL TABLE words USING fts4(title)",
        "CREATE VIRTUAL TABLE words USING fts4",
        "CREATE VIRTUAL TABLE words USING fts3(content=posts)",
        "CREATE VIRTUAL TABLE places USING rtree(id, x0, x1)",
      })
  void rows_of_its_own(String create) {
    assertThat(VirtualTable.of(create).keepsRows(true)).isTrue();
    assertThat(VirtualTable.of(create).keepsRows(false)).isFalse();
  }
}
