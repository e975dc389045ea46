package dev.sevenfold.examples.dashboard;

import dev.sevenfold.backup.report.RestorePoint;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A restore point, ready to be shown. Immutable. */
record PointView(
    String label,
    String path,
    String when,
    String exactly,
    String instant,
    String fromNow,
    String size,
    boolean verified,
    boolean pinned) {

  /** How many of those that retention keeps are shown; pinned ones come on top. */
  private static final int SHOWN = 7;

  static PointView of(RestorePoint point, Words words) {
    String label = point.label().value();
    return new PointView(
        label,
        "/points/" + URLEncoder.encode(label, StandardCharsets.UTF_8),
        words.when(point.capturedAt()),
        words.exactly(point.capturedAt()),
        point.capturedAt().toString(),
        words.fromNow(point.capturedAt()),
        Words.size(point.sizeBytes()),
        point.verified(),
        point.pinned());
  }

  /** The last seven, and those that are pinned, newest first. */
  static List<PointView> shown(List<RestorePoint> points, Words words) {
    List<PointView> views = new ArrayList<>();
    int kept = 0;
    for (RestorePoint point : points) {
      if (point.pinned() || kept++ < SHOWN) {
        views.add(of(point, words));
      }
    }
    return views;
  }
}
