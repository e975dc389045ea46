package dev.sevenfold.backup.mail;

import dev.sevenfold.backup.job.CronSchedule;
import dev.sevenfold.backup.tenant.TenantId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Who reads, as a test says. Use from one thread. */
final class Directory implements RecipientDirectory {

  final List<Recipient> readers = new ArrayList<>();
  final List<Recipient> operators = new ArrayList<>();
  String name = "Acme & Sons";
  Optional<CronSchedule> schedule = Optional.empty();
  final Set<TenantId> deleted = new HashSet<>();
  boolean down;

  Directory() {
    readers.add(Samples.recipient("office@acme.example", Locale.ENGLISH));
    operators.add(Samples.recipient("ops@app.example", Locale.ENGLISH));
  }

  @Override
  public List<Recipient> ofTenant(TenantId tenant) {
    if (down) {
      throw new IllegalStateException("The directory is down");
    }
    return readers;
  }

  @Override
  public List<Recipient> operators() {
    if (down) {
      throw new IllegalStateException("The directory is down");
    }
    return operators;
  }

  @Override
  public String nameOf(TenantId tenant) {
    if (deleted.contains(tenant)) {
      throw new IllegalStateException("There is no tenant " + tenant);
    }
    return tenant.equals(Samples.ACME) ? name : tenant.value();
  }

  @Override
  public Optional<CronSchedule> scheduleOf(TenantId tenant) {
    return schedule;
  }
}
