/*
 * What the broker is told of an answer: its size, its hash, its beginning and its end. A copy: the
 * answer itself is on its way to the client. Called by gate_wire.c.
 */
#include "config.h"

#include "ipc/gate.h"

#include "core/bounded.h"
#include "core/store_part.h"

void gate_write_result(struct span result, struct jsonw *w)
{
	struct bounded b;
	struct hash hash = hash_of(result);
	char hex[HASH_HEX + 1];
	hash_hex(&hash, hex);
	bounded_take(&b, result, store_part_most(STORE_RESULT));
	jw_key(w, "result");
	jw_open(w, '{');
	jw_kv_int(w, "size", b.size);
	jw_kv_text(w, "hash", hex);
	jw_kv_span(w, "head", buf_view(&b.head));
	if (b.tail.len) {
		jw_kv_span(w, "tail", buf_view(&b.tail));
	}
	jw_close(w, '}');
	bounded_finish(&b);
}
