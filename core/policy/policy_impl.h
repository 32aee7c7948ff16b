/* What the files of judgement share. */
#ifndef BASCULE_CORE_POLICY_POLICY_IMPL_H
#define BASCULE_CORE_POLICY_POLICY_IMPL_H

#include "core/policy/rule.h"

/* What is at stake if the effect is not allowed. */
enum risk target_risk(const struct target *target);

/* The EXEC or TASK of the same part that this effect goes along with if it is allowed; NULL: none.
 */
const struct effect *effect_command(const struct effects *effects, const struct effect *effect);

#endif
