package dev.sevenfold.backup.cli.output;

import dev.sevenfold.backup.error.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text, aligned for people: the first columns to the left, numbers to the right. */
public final class TextTable {

  private final int numbersFrom;
  private final List<List<String>> rows = new ArrayList<>();

  /** A table whose columns from the {@code numbersFrom}th on are numbers. */
  public TextTable(int numbersFrom, String... header) {
    this.numbersFrom = numbersFrom;
    rows.add(List.of(header));
  }

  public void add(Object... values) {
    rows.add(
        IntStream.range(0, values.length)
            .mapToObj(i -> Printable.of(values[i].toString()))
            .toList());
  }

  public List<String> lines() {
    List<Integer> widths =
        IntStream.range(0, rows.get(0).size())
            .mapToObj(i -> rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0))
            .toList();
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(List<String> row, List<Integer> widths) {
    return IntStream.range(0, row.size())
        .mapToObj(
            i -> {
              String padding = " ".repeat(widths.get(i) - row.get(i).length());
              return i < numbersFrom ? row.get(i) + padding : padding + row.get(i);
            })
        .collect(Collectors.joining("  "))
        .stripTrailing();
  }
}
