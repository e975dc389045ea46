package dev.sevenfold.backup.naming;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sevenfold.backup.schema.DatabaseSchema.Table;
import dev.sevenfold.backup.schema.DatabaseSchema.TableKind;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReferenceNamesTest {

  @ParameterizedTest
  @CsvSource({
    "child, children",
    "person, people",
    "status, statuses",
    "address, addresses",
    "company, companies",
    "box, boxes",
    "index, indexes",
    "index, indices",
    "data, data",
    "medium, media",
    "analysis, analyses",
    "series, series",
    "news, news",
    "day, days",
    "case, cases",
    "bus, buses",
    "quiz, quizzes",
    "hero, heroes",
    "photo, photos",
    "leaf, leaves",
    "knife, knives",
    "criterion, criteria",
    "matrix, matrices",
    "branch, branches",
    "dish, dishes",
    "alias, aliases",
    "license, licenses",
    "currency, currencies",
    "salesperson, salespeople",
    "grandchild, grandchildren",
    "basis, bases",
    "crisis, crises",
    "cactus, cacti",
    "tax, taxes"
  })
  void knows_a_noun_and_its_plural(String one, String many) {
    assertThat(Nouns.same(one, many)).isTrue();
    assertThat(Nouns.same(many, one)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "new, newt",
    "bus, business",
    "cat, category",
    "user, use",
    "is, es",
    "us, i",
    "a, as_"
  })
  void tells_other_words_apart(String one, String other) {
    assertThat(Nouns.same(one, other)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // child, column, best of the tables, the others
    "posts, user_id, users, user_roles accounts",
    "posts, category_id, categories, post_categories",
    "Guests, PartyId, Parties, GuestParties",
    "active_storage_attachments, blob_id, active_storage_blobs, blobs",
    "solid_queue_ready_executions, job_id, solid_queue_jobs, jobs",
    "attachments, blob_id, blobs, active_storage_blobs",
    "projects, default_assigned_user_id, users, members",
    "orders, default_credit_card_id, credit_cards, cards",
    "issues, status_id, issue_statuses, order_statuses",
    "issues, parent_id, issues, users",
    "issues, root_id, issues, users",
    "comments, in_reply_to_id, comments, users",
    "tasks, created_by, users, tasks",
    "tasks, updated_by_id, users, accounts",
    "tasks, author_id, users, accounts",
    "shop_order, owner_id, auth_user, auth_group",
    "issue_relations, issue_from_id, issues, issue_relations",
    "issue_relations, issue_to, issues, issue_relations",
    "InvoiceLine, InvoiceId, Invoice, InvoiceLine",
    "Employee, ReportsTo, Employee, Customer",
    "orderLines, orderId, orders, orderLines",
    "shop_orderitem, order_id, shop_order, auth_order",
    "tasks_task, user_story_id, stories_userstory, stories_epic",
    "tasks_task, story_id, stories_story, stories_userstory events_changed_stories",
    "events_event, user_id, users_user, events_changed_users",
    "tasks_task, owner_id, users_user, events_changed_users",
    "tasks_task, default_story_id, stories_story, stories_userstory",
    "order_items, order_item_id, orderitems, items",
    "ps_order_detail, id_product, ps_product, ps_product_lang",
    "tbl_notes, customer_id, tbl_customer, tbl_customer_group",
    "memberships, person_id, people, users",
    "rows, index_id, indices, rows",
    "addresses, country_code, countries, counties",
    "budget_categories, category_id, categories, budget_categories",
    "notes, customer, customers, users",
    "clips, medium_id, media, mediators"
  })
  void finds_the_table_that_a_column_is_named_for(
      String child, String column, String best, String others) {
    Table own = table(child);
    List<Table> all =
        Stream.concat(Stream.of(best), Stream.of(others.split(" ", 0))).map(this::table).toList();
    assertThat(all.stream().max(Comparator.comparing(t -> ReferenceNames.fits(own, column, t))))
        .hasValueSatisfying(found -> assertThat(found.name()).isEqualTo(best));
    assertThat(ReferenceNames.fits(own, column, table(best))).isPositive();
    assertThat(all.stream().skip(1))
        .allSatisfy(
            other ->
                assertThat(ReferenceNames.fits(own, column, other))
                    .isLessThan(ReferenceNames.fits(own, column, table(best))));
  }

  @ParameterizedTest
  @CsvSource({
    "users, id, users", "users, uuid, users", "posts, title, titles_of_nobility",
    "posts, position, people", "posts, external_id, users", "posts, users_count, users"
  })
  void says_nothing_where_a_name_says_nothing(String child, String column, String parent) {
    assertThat(ReferenceNames.fits(table(child), column, table(parent))).isZero();
  }

  @Test
  void a_name_without_an_ending_is_no_clear_one() {
    assertThat(ReferenceNames.fits(table("notes"), "customer", table("customers")))
        .isBetween(1, ReferenceNames.CLEAR - 1);
    assertThat(ReferenceNames.fits(table("notes"), "customer_id", table("customers")))
        .isGreaterThanOrEqualTo(ReferenceNames.CLEAR);
  }

  @Test
  void what_another_program_numbers_is_no_clear_reference() {
    assertThat(ReferenceNames.fits(table("users"), "stripe_customer_id", table("customers")))
        .isLessThan(ReferenceNames.CLEAR);
  }

  @Test
  void a_key_that_has_a_name_of_its_own_is_known_by_it() {
    Table books =
        new Table(
            "books", TableKind.ORDINARY, List.of("isbn"), List.of(), List.of("isbn"), List.of());
    assertThat(ReferenceNames.fits(table("loans"), "isbn", books)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "User, users, user_roles",
    "ActiveStorage::Blob, active_storage_blobs, blobs",
    "Shop::ProInvoice, invoices, invoice_lines",
    "Billing::Invoice, invoices, invoice_lines",
    "App\\Models\\BlogPost, blog_posts, posts",
    "App\\Models\\Person, people, users",
    "com.acme.shop.Order, orders, order_lines",
    "blog.post, blog_post, blog_tag",
    "post, posts, users",
    "Post, blog_post, blog_tag",
    "Child, children, users"
  })
  void finds_the_table_of_a_type(String type, String best, String other) {
    assertThat(ReferenceNames.fitsType(type, table(best)))
        .isPositive()
        .isGreaterThan(ReferenceNames.fitsType(type, table(other)));
  }

  private Table table(String name) {
    return new Table(
        name, TableKind.ORDINARY, List.of("id"), List.of("id"), List.of("id"), List.of());
  }
}
