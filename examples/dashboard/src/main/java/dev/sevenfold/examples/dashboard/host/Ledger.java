package dev.sevenfold.examples.dashboard.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What firms use the application for: customers, their invoices, and documents. Thread-safe. */
public final class Ledger {

  private final HostDatabase database;

  /** That of a database. */
  public Ledger(HostDatabase database) {
    this.database = database;
  }

  /**
   * Adds a customer with an invoice, and the contract as a file.
   *
   * @param cents what each article costs
   */
  public void addCustomer(Firm firm, String name, LocalDate day, Map<String, Integer> cents) {
    database.transaction(
        connection -> {
          String email = name.toLowerCase(Locale.ROOT).replace(' ', '.') + "@mail.example";
          HostDatabase.execute(
              connection,
              "INSERT INTO customers (firm_id, name, email) VALUES (?, ?, ?)",
              firm.id().value(),
              name,
              email);
          HostDatabase.execute(
              connection,
              "INSERT INTO invoices (customer_id, number, issued_on)"
                  + " SELECT max(id), printf('%d-%04d', ?, max(id)), ? FROM customers",
              day.getYear(),
              day.toString());
          for (Map.Entry<String, Integer> line : cents.entrySet()) {
            HostDatabase.execute(
                connection,
                "INSERT INTO invoice_lines (invoice_id, article, cents)"
                    + " SELECT max(id), ?, ? FROM invoices",
                line.getKey(),
                line.getValue());
          }
        });
    addDocument(firm, "Contract with " + name + ".txt", day + ": agreed with " + name + "\n");
  }

  private void addDocument(Firm firm, String name, String text) {
    String key = Sessions.newCookie().substring(0, 24);
    try {
      Path file = database.document(key);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    database.update(
        "INSERT INTO documents (firm_id, name, key) VALUES (?, ?, ?)",
        firm.id().value(),
        name,
        key);
  }

  /** The names of a firm's customers. */
  public List<String> customers(Firm firm) {
    return database.query(
        "SELECT name FROM customers WHERE firm_id = ? ORDER BY id",
        row -> row.getString("name"),
        firm.id().value());
  }
}
