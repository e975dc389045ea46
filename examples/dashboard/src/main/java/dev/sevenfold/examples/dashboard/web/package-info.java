/**
 * What a small web application needs on top of the JDK's server, and nothing about backups. Start
 * from {@link dev.sevenfold.examples.dashboard.web.WebServer}.
 */
@NullMarked
package dev.sevenfold.examples.dashboard.web;

import org.jspecify.annotations.NullMarked;
