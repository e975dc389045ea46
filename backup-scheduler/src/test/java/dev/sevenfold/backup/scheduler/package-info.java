@NullMarked
package dev.sevenfold.backup.scheduler;

import org.jspecify.annotations.NullMarked;
