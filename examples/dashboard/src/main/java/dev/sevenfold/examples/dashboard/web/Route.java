package dev.sevenfold.examples.dashboard.web;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which requests a handler answers: {@code GET /points/{label}}. Immutable. */
record Route(String method, List<String> segments, WebServer.Handler handler) {

  static Route of(String route, WebServer.Handler handler) {
    int space = route.indexOf(' ');
    return new Route(
        route.substring(0, space), List.of(route.substring(space + 1).split("/", -1)), handler);
  }

  /** The values of the path's variables, if the path is of this route. */
  Optional<Map<String, String>> match(String path) {
    String[] asked = path.split("/", -1);
    if (asked.length != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < asked.length; i++) {
      String segment = segments.get(i);
      if (segment.startsWith("{")) {
        values.put(segment.substring(1, segment.length() - 1), Request.decode(asked[i]));
      } else if (!segment.equals(asked[i])) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  @Override
  public String toString() {
    return method + " " + String.join("/", segments);
  }
}
