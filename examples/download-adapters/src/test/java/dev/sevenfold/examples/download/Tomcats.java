package dev.sevenfold.examples.download;

import jakarta.servlet.Servlet;
import java.net.URI;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.startup.Tomcat;

/** A Tomcat with one servlet, on a free port of the loopback. Use from one thread. */
final class Tomcats {

  private final Tomcat tomcat = new Tomcat();

  URI start(Servlet servlet, String mapping, Path folder) throws LifecycleException {
    tomcat.setBaseDir(folder.toString());
    tomcat.setHostname("localhost");
    tomcat.setPort(0);
    tomcat.getConnector().setProperty("address", "127.0.0.1");
    Context context = tomcat.addContext("", folder.toString());
    Wrapper wrapper = Tomcat.addServlet(context, "downloads", servlet);
    wrapper.setAsyncSupported(true);
    wrapper.setLoadOnStartup(1);
    wrapper.addMapping(mapping);
    tomcat.start();
    return URI.create(
        "http://localhost:%d/backups/".formatted(tomcat.getConnector().getLocalPort()));
  }

  void stop() throws LifecycleException {
    tomcat.stop();
    tomcat.destroy();
  }
}
