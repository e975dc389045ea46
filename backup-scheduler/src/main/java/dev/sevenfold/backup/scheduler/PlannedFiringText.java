package dev.sevenfold.backup.scheduler;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import dev.sevenfold.backup.job.PlannedFiring;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * How db-scheduler keeps a planned firing: as four numbers, milliseconds but for the attempt. Not
 * Java's serialization: who can write into the database must not choose classes. Immutable.
 */
final class PlannedFiringText implements Serializer {

  @Override
  public byte[] serialize(Object data) {
    PlannedFiring firing = (PlannedFiring) data;
    String text =
        firing.scheduledAt().toEpochMilli()
            + " "
            + firing.dueAt().toEpochMilli()
            + " "
            + firing.attempt()
            + " "
            + firing.plannedAt().toEpochMilli();
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public <T> T deserialize(Class<T> type, byte[] data) {
    return type.cast(read(data));
  }

  static PlannedFiring read(byte[] data) {
    String[] numbers = new String(data, StandardCharsets.US_ASCII).split(" ", -1);
    return new PlannedFiring(
        Instant.ofEpochMilli(Long.parseLong(numbers[0])),
        Instant.ofEpochMilli(Long.parseLong(numbers[1])),
        Integer.parseInt(numbers[2]),
        Instant.ofEpochMilli(Long.parseLong(numbers[3])));
  }
}
