/* How many bytes, in words: "512 bytes", "5.1 kB", "38 MB". */
#ifndef BASCULE_TUI_BYTES_H
#define BASCULE_TUI_BYTES_H

#include "core/safe_text.h"

struct safe_text bytes_words(int64_t bytes);

#endif
