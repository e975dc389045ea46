package dev.sevenfold.backup.cli.generated;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * What the rows of a table are.
 *
 * @param module what stands before it, or nothing
 * @param words the name in the singular
 * @param plural the last of them in the plural
 */
record Noun(List<String> module, List<String> words, String plural) {

  private static final List<String> NOUNS =
      List.of(
          "order invoice payment refund contract project task board card label note message thread",
          "channel topic post article page category:categories product variant price discount coupon",
          "cart shipment parcel address:addresses warehouse shelf:shelves bin batch:batches box:boxes",
          "supplier customer deal quote campaign segment audience survey question answer quiz:quizzes",
          "course lesson student teacher grade class:classes exam room building floor desk device",
          "sensor reading alert incident ticket policy:policies claim vehicle driver route stop trip",
          "fare branch:branches shift leave:leaves holiday salary:salaries bonus:bonuses expense",
          "receipt budget ledger journal goal metric milestone sprint release deployment server",
          "domain certificate mailbox:mailboxes template form submission folder document revision",
          "signature party:parties venue seat reservation guest dish:dishes menu recipe ingredient",
          "patient visit diagnosis:diagnoses treatment pharmacy:pharmacies prescription animal farm",
          "crop harvest analysis:analyses criterion:criteria child:children photo video hero:heroes",
          "index:indices matrix:matrices status:statuses bus:buses promise case house image lease");

  private static final List<String> MODULES =
      List.of("crm", "billing", "hr", "stock", "support", "cms", "fleet", "clinic", "school");

  private static final List<String> QUALIFIERS =
      List.of("draft", "daily", "weekly", "custom", "regional", "recurring", "pending", "spare");

  /** All nouns in an order of chance, those of one word first. */
  static List<Noun> shuffled(Random random, boolean modules) {
    List<String[]> plain = new ArrayList<>();
    NOUNS.stream()
        .flatMap(line -> Stream.of(line.split(" ", -1)))
        .map(each -> each.contains(":") ? each.split(":", -1) : new String[] {each, each + 's'})
        .forEach(plain::add);
    List<Noun> all = new ArrayList<>();
    for (int round = -1; round < QUALIFIERS.size(); round++) {
      java.util.Collections.shuffle(plain, random);
      for (String[] each : plain) {
        List<String> module =
            modules && random.nextInt(5) > 0
                ? List.of(MODULES.get(random.nextInt(MODULES.size())))
                : List.of();
        List<String> words = round < 0 ? List.of(each[0]) : List.of(QUALIFIERS.get(round), each[0]);
        all.add(new Noun(module, words, each[1]));
      }
    }
    return all;
  }

  static Noun of(String one, String many) {
    return new Noun(List.of(), List.of(one), many);
  }

  /** Of the same module: {@code order} and {@code item} are an {@code order_item}. */
  Noun with(String one, String many) {
    List<String> both = new ArrayList<>(words);
    both.add(one);
    return new Noun(module, both, many);
  }

  List<String> qualified() {
    return Stream.concat(module.stream(), words.stream()).toList();
  }

  List<String> inPlural() {
    List<String> all = new ArrayList<>(qualified());
    all.set(all.size() - 1, plural);
    return all;
  }
}
