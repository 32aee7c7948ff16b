/* Whether a text that stands where a credential would is one. */
#ifndef BASCULE_CORE_POLICY_SECRET_VALUE_H
#define BASCULE_CORE_POLICY_SECRET_VALUE_H

#include "core/base.h"

/* Shannon entropy of the bytes, in bits x 100. */
unsigned secret_entropy(struct span value);
/* Stands for a value and is none: EXAMPLE, xxxx, your-..., one character again and again. */
bool secret_placeholder(struct span value);
/* The same for a value whose place says that it is secret: also paths, and what everybody uses. */
bool secret_no_value(struct span value);
/* The same for a value that only its name makes a secret: also words and what is code. */
bool secret_only_words(struct span value);
/* SECRET_..., what a name says: its value is for those who know it. */
bool secret_name(struct span name);

enum secret_letters { HAS_LOWER = 1, HAS_UPPER = 2, HAS_DIGIT = 4, HAS_OTHER = 8 };
unsigned secret_letters(struct span value);

#endif
