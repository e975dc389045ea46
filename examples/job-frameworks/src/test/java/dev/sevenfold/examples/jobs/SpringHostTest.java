package dev.sevenfold.examples.jobs;

import dev.sevenfold.examples.jobs.spring.SpringHost;

class SpringHostTest extends FrameworkHostContract {

  @Override
  FrameworkHost host() {
    return new SpringHost(application);
  }
}
