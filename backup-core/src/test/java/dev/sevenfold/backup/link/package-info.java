@NullMarked
package dev.sevenfold.backup.link;

import org.jspecify.annotations.NullMarked;
