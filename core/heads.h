/*
 * The file of heads: where the chain of seals (core/seal.h) stood from time to time, kept outside
 * the databases, so that cutting its end off, or an older copy in its place, shows.
 *
 * Lines "SEQ HASH MICROSECONDS"; "#" begins a comment. Only ever appended to, until it is long:
 * then every other one of the older lines goes, so that few are left of long ago.
 */
#ifndef BASCULE_CORE_HEADS_H
#define BASCULE_CORE_HEADS_H

#include "core/buf.h"
#include "core/hash.h"

enum { HEADS_RECENT = 128 /* lines that are never thinned */ };

#define HEADS_FIRST_LINE \
	"# Where the chain of the history stood: seal, hash, time. `bascule history verify` " \
	"reads it.\n"

struct head {
	int64_t seq, at_us;
	struct hash hash;
};

struct heads {
	struct head *list; /* as in the file */
	size_t count, cap;
};

/* Appends what the text says. Lines that are none of ours, such as one that a crash cut off, are
 * left out. */
void heads_parse(struct heads *heads, struct span text);
void heads_finish(struct heads *heads);
void heads_line(struct buf *out, const struct head *head);
/* Drops every other line of all but the last HEADS_RECENT. Two of which the second does not go on
 * from the first stay: there the chain was cut. */
void heads_thin(struct heads *heads);
void heads_write(const struct heads *heads, struct buf *out); /* the whole file */

#endif
