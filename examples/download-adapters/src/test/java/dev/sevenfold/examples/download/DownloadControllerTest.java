package dev.sevenfold.examples.download;

import java.net.URI;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.context.support.GenericWebApplicationContext;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.AsyncSupportConfigurer;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

class DownloadControllerTest extends AdapterContract {

  @Configuration
  @EnableWebMvc
  static class Web implements WebMvcConfigurer {

    @Override
    public void configureAsyncSupport(AsyncSupportConfigurer configurer) {
      configurer.setDefaultTimeout(0);
    }
  }

  private final Tomcats tomcat = new Tomcats();

  @Override
  URI start(OneArchive served) throws Exception {
    GenericWebApplicationContext spring = new GenericWebApplicationContext();
    new AnnotatedBeanDefinitionReader(spring).register(Web.class);
    spring.registerBean(DownloadController.class, () -> new DownloadController(served.download));
    return tomcat.start(new DispatcherServlet(spring), "/", folder);
  }

  @Override
  void stop() throws Exception {
    tomcat.stop();
  }
}
