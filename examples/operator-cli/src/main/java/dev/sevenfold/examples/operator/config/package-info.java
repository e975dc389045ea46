/**
 * The config file of the command line: YAML, read strictly. Start from {@link
 * dev.sevenfold.examples.operator.config.Config}.
 */
@NullMarked
package dev.sevenfold.examples.operator.config;

import org.jspecify.annotations.NullMarked;
