/*
 * Messages of our own, in JSON-RPC 2.0: one line each, to a broker, a gate, a console or a server.
 * What others have said is never written with these: it is passed on as it came.
 */
#ifndef BASCULE_CORE_RPC_H
#define BASCULE_CORE_RPC_H

#include "core/jsonw.h"

/* A request, its `params` open as an object until rpc_close. `id` is JSON; absent: a notification.
 */
struct jsonw rpc_open(struct buf *line, struct span id, const char *method);
/* An answer, its "result" or "error" open as an object until rpc_close. */
struct jsonw rpc_answer(struct buf *line, struct span id, const char *member);
/* A whole answer; `result` is JSON. */
void rpc_result(struct buf *line, struct span id, struct span result);
/* Ends the open object, the message and the line. */
void rpc_close(struct jsonw *w);
/* A whole request; `params` is JSON, absent: without. */
void rpc_line(struct buf *line, struct span id, const char *method, struct span params);

#endif
