/* The wall clock, for what people read; what is counted goes by the loop's own time. */
#ifndef BASCULE_IPC_CLOCK_H
#define BASCULE_IPC_CLOCK_H

#include <stdint.h>

int64_t clock_wall_ms(void); /* Unix milliseconds */
int64_t clock_boot_us(void); /* since the machine started, sleep included: for what expires */

#endif
