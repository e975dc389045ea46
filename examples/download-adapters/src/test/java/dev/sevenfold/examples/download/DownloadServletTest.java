package dev.sevenfold.examples.download;

import java.net.URI;

class DownloadServletTest extends AdapterContract {

  private final Tomcats tomcat = new Tomcats();

  @Override
  URI start(OneArchive served) throws Exception {
    return tomcat.start(new DownloadServlet(served.download), "/backups/*", folder);
  }

  @Override
  void stop() throws Exception {
    tomcat.stop();
  }
}
