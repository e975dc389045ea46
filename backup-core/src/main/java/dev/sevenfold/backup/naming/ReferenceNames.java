package dev.sevenfold.backup.naming;

import dev.sevenfold.backup.schema.DatabaseSchema.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How well a column's name says that it points at a table. The greater, the better; 0 says nothing,
 * and from {@link #CLEAR} on a person would take it for a reference without looking at the rows.
 */
public final class ReferenceNames {

  /** From here on the names alone are a reason, where no rows can be asked. */
  public static final int CLEAR = 60;

  /** {@code author_id -> users}: somebody, by what he does. */
  private static final int ROLE = 20;

  /** {@code status_id -> issue_statuses}: the table's name says more. */
  private static final int PART = 40;

  /** {@code default_assigned_user_id -> users}: the column's name says more. */
  private static final int LAST_WORDS = 60;

  /** {@code parent_id}: the table itself. */
  private static final int ITSELF = 80;

  /** {@code user_id -> users}; better, {@code blob_id -> active_storage_blobs} of that module. */
  public static final int WHOLE = 100;

  /** Without an ending that says that it points anywhere: {@code customer}. */
  private static final int BARE = 50;

  private static final Set<String> ENDINGS =
      Set.of("id", "uuid", "guid", "ulid", "uid", "ref", "key", "fk", "code", "no", "number", "nr");

  private static final Set<String> BEGINNINGS = Set.of("id", "fk");

  private static final Set<String> DIRECTIONS = Set.of("from", "to", "of");

  /** What another program gives numbers to: {@code external_account_id}. */
  private static final Set<String> OUTSIDE =
      Set.of("external", "remote", "foreign", "upstream", "stripe", "paypal", "legacy");

  private static final Set<String> KEYS = Set.of("id", "uuid", "guid", "ulid", "key", "pk");

  private static final Set<String> SELF =
      Set.of(
          "parent",
          "root",
          "ancestor",
          "descendant",
          "predecessor",
          "successor",
          "original",
          "previous",
          "next",
          "reply",
          "duplicate",
          "copied",
          "ancestry",
          "sibling",
          "child");

  private static final Set<String> ROLES =
      Set.of(
          "author",
          "creator",
          "owner",
          "editor",
          "assignee",
          "assigned",
          "reviewer",
          "approver",
          "sender",
          "recipient",
          "receiver",
          "manager",
          "inviter",
          "invitor",
          "invitee",
          "invited",
          "impersonator",
          "impersonated",
          "grantor",
          "grantee",
          "payer",
          "payee",
          "voter",
          "commenter",
          "applicant",
          "nominee",
          "buyer",
          "purchaser",
          "seller",
          "follower",
          "reporter",
          "requester",
          "submitter",
          "uploader",
          "publisher",
          "moderator",
          "actor",
          "responsible",
          "supervisor",
          "host",
          "organizer",
          "participant",
          "attendee",
          "performer",
          "initiator",
          "closer",
          "rep",
          "reports",
          "blocker",
          "target",
          "mentor",
          "lead",
          "leader");

  /** Those who do something, the likeliest first. */
  private static final List<String> SOMEBODY =
      List.of("user", "person", "member", "employee", "account", "staff", "admin", "contact");

  private static final Pattern SEGMENTS = Pattern.compile("::|[\\\\./:]");

  private ReferenceNames() {}

  /** How well the name of {@code column} says that it points at rows of {@code parent}. */
  public static int fits(Table child, String column, Table parent) {
    List<String> words = Words.of(column);
    List<String> stem = stem(words);
    if (stem.isEmpty()) {
      return 0;
    }
    boolean ended = !stem.equals(words);
    int best =
        Stream.of(
                whole(child, stem, parent, ended),
                itself(child, stem, parent),
                ended ? lastWords(child, stem, parent) : 0,
                ended ? part(stem, parent) : 0,
                role(stem, parent),
                sameKey(words, parent))
            .max(Integer::compare)
            .orElse(0);
    return best;
  }

  /** Whether a column ends as those do that point somewhere: {@code split_id}. */
  public static boolean isEnded(String column) {
    List<String> words = Words.of(column);
    return words.size() > 1 && ENDINGS.contains(words.get(words.size() - 1));
  }

  /** Whether a column is named for what somebody does or is: {@code owner}, {@code created_by}. */
  public static boolean isRole(String column) {
    return isRole(stem(Words.of(column)));
  }

  private static boolean isRole(List<String> stem) {
    return stem.contains("by") || stem.stream().anyMatch(ROLES::contains);
  }

  /** What a column is about: without the ending that says that it points. */
  private static List<String> stem(List<String> words) {
    List<String> stem = words;
    if (stem.size() > 1 && ENDINGS.contains(stem.get(stem.size() - 1))) {
      stem = Words.first(stem, stem.size() - 1);
    }
    if (stem.size() > 1 && BEGINNINGS.contains(stem.get(0))) {
      stem = Words.last(stem, stem.size() - 1);
    }
    return stem.size() == 1 && KEYS.contains(stem.get(0)) ? List.of() : stem;
  }

  private static int whole(Table child, List<String> stem, Table parent, boolean ended) {
    List<String> words = Words.of(child.name());
    List<String> there = withoutModule(Words.of(parent.name()));
    int best = 0;
    for (List<String> about : List.of(stem, undirected(stem))) {
      for (int prefix = 0; prefix <= words.size() && !about.isEmpty(); prefix++) {
        List<String> name = new ArrayList<>(Words.first(words, prefix));
        name.addAll(about);
        // A part of its own name is no reference to itself: budget_categories.category_id.
        boolean own = prefix > 0 && child.name().equalsIgnoreCase(parent.name());
        if (!own && Nouns.same(name, there)) {
          // Behind a module it is likelier; behind all of its own name it may be a table that joins
          // the two: posts.category_id leads to categories, and not to post_categories.
          int module = prefix == words.size() ? -1 : prefix;
          best = Math.max(best, (ended ? WHOLE : BARE) + module);
        }
      }
    }
    return best;
  }

  /** {@code issues_issue}: Django writes the module before the model, often the same noun. */
  private static List<String> withoutModule(List<String> table) {
    int half = table.size() / 2;
    for (int module = 1; module <= half; module++) {
      List<String> model = Words.last(table, table.size() - module);
      if (Nouns.same(Words.first(table, module), model)) {
        return model;
      }
    }
    return table;
  }

  /** {@code issue_from} and {@code issue_to} are both about an issue. */
  private static List<String> undirected(List<String> stem) {
    return DIRECTIONS.contains(stem.get(stem.size() - 1))
        ? Words.first(stem, stem.size() - 1)
        : stem;
  }

  private static int itself(Table child, List<String> stem, Table parent) {
    boolean self =
        stem.stream().anyMatch(SELF::contains)
            && stem.stream()
                .allMatch(w -> SELF.contains(w) || DIRECTIONS.contains(w) || w.equals("in"));
    return self && child.name().equalsIgnoreCase(parent.name()) ? ITSELF : 0;
  }

  private static int lastWords(Table child, List<String> stem, Table parent) {
    List<String> there = withoutModule(Words.of(parent.name()));
    List<String> about = undirected(stem);
    for (int count = about.size() - 1; count > 0; count--) {
      if (Nouns.same(Words.last(about, count), there)
          || isOfModule(child, Words.last(about, count), parent)) {
        return about.stream().anyMatch(OUTSIDE::contains) ? ROLE : LAST_WORDS + count;
      }
    }
    return 0;
  }

  /** {@code storage_totals.last_entry_id -> storage_entries}. */
  private static boolean isOfModule(Table child, List<String> about, Table parent) {
    List<String> module = Words.of(child.name());
    for (int prefix = 1; prefix < module.size(); prefix++) {
      List<String> name = new ArrayList<>(Words.first(module, prefix));
      name.addAll(about);
      if (!child.name().equalsIgnoreCase(parent.name())
          && Nouns.same(name, Words.of(parent.name()))) {
        return true;
      }
    }
    return false;
  }

  private static int part(List<String> stem, Table parent) {
    List<String> there = Words.of(parent.name());
    List<String> about = undirected(stem);
    for (int count = about.size(); count > 0; count--) {
      // Django writes the name of a model in one word: user_story_id, of app_userstory.
      for (int words = Math.min(count, there.size() - 1); words > 0; words--) {
        if (Nouns.same(Words.last(about, count), Words.last(there, words))) {
          return PART + count;
        }
      }
    }
    return 0;
  }

  private static int role(List<String> stem, Table parent) {
    if (isRole(stem)) {
      List<String> there = withoutModule(Words.of(parent.name()));
      for (int i = 0; i < SOMEBODY.size() && !there.isEmpty(); i++) {
        if (Nouns.same(SOMEBODY.get(i), there.get(there.size() - 1))) {
          return ROLE + SOMEBODY.size() - i + (there.size() == 1 ? SOMEBODY.size() : 0);
        }
      }
    }
    return 0;
  }

  /** {@code isbn -> books(isbn)}, {@code country_code -> countries(code)}. */
  private static int sameKey(List<String> words, Table parent) {
    if (parent.primaryKey().size() != 1) {
      return 0;
    }
    List<String> key = Words.of(parent.primaryKey().get(0));
    boolean says = key.size() > 1 || (key.size() == 1 && !KEYS.contains(key.get(0)));
    return says && Nouns.same(words, key) ? LAST_WORDS - 1 : 0;
  }

  /**
   * How well the name of a type says that it stands for {@code table}: a class of Ruby ({@code
   * A::B}), PHP ({@code App\Models\B}) or Java, a label of Django ({@code app.model}), or a word.
   */
  public static int fitsType(String type, Table table) {
    List<String> there = Words.of(table.name());
    List<List<String>> segments = SEGMENTS.splitAsStream(type).map(Words::of).toList();
    for (int from = 0; from < segments.size(); from++) {
      List<String> name =
          segments.subList(from, segments.size()).stream().flatMap(List::stream).toList();
      if (Nouns.same(name, there)) {
        return WHOLE + name.size();
      }
    }
    if (segments.isEmpty()) {
      return 0;
    }
    List<String> name = segments.get(segments.size() - 1);
    for (int count = name.size() - 1; count > 0; count--) {
      if (Nouns.same(Words.last(name, count), there)) {
        return LAST_WORDS + count;
      }
    }
    return !name.isEmpty()
            && name.size() < there.size()
            && Nouns.same(name, Words.last(there, name.size()))
        ? PART + name.size()
        : 0;
  }
}
