@NullMarked
package dev.sevenfold.backup.mail;

import org.jspecify.annotations.NullMarked;
