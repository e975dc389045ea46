@NullMarked
package dev.sevenfold.examples.download;

import org.jspecify.annotations.NullMarked;
