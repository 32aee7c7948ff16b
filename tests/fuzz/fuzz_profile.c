/*
 * Any text as a profile, and any arguments for its tools: what is accepted is complete, what is
 * refused names a line, and a call always has an effect.
 */
#include "config.h"

#include "core/effects/command.h"
#include "core/effects/extract.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Commands have targets of their own. */
void shell_effects(struct effects *out, const char *arg, struct span text, const char *cwd)
{
	(void)text;
	effects_add(out, EFFECT_EXEC, arg, cwd, "unproven", NULL);
}

void argv_effects(struct effects *out, const char *arg, const struct shell_word *argv, size_t argc,
	const char *cwd)
{
	effects_add(out, EFFECT_EXEC, arg, argc ? argv[0].text : cwd, "unproven", NULL);
}

static void demand(bool condition)
{
	if (!condition) {
		abort();
	}
}

static void look(const struct profile *profile)
{
	demand(profile->name && profile->name[0]);
	for (size_t i = 0; i < profile->tool_count; i++) {
		const struct profile_tool *tool = &profile->tools[i];
		demand(tool->name[0] && tool->line && tool->arg_count <= PROFILE_ARGS_MAX);
		demand(tool->effects || tool->arg_count);
		for (size_t k = 0; k < tool->arg_count; k++) {
			demand(tool->args[k].name[0] && tool->args[k].role < ARG_ROLE_COUNT);
		}
	}
}

static void call(struct profiles *profiles, const struct profile *profile, struct span arguments)
{
	for (size_t i = 0; i < profile->tool_count && i < 8; i++) {
		struct effects out;
		effects_extract(&out,
			&(struct extract){ .profiles = profiles,
				.profile = span_of(profile->name),
				.method = SPAN("tools/call"),
				.tool = span_of(profile->tools[i].name),
				.arguments = arguments,
				.cwd = "/w" });
		demand(out.count && out.count <= EFFECTS_MAX);
		effects_finish(&out);
	}
}

/* TEXT NUL ARGUMENTS */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *cut = memchr(data, 0, size);
	struct span text = { (const char *)data, cut ? (size_t)(cut - (const char *)data) : size };
	struct json_scan scan = { 0 };
	struct profile profile;
	struct err err = { 0 };
	if (!profile_parse(&profile, "f", text, &err)) {
		demand(strncmp(err.text, "f:", 2) == 0 && !profile.name);
		return 0;
	}
	struct profiles *profiles = profiles_create();
	look(&profile);
	demand(profiles_add(profiles, "f", text, NULL));
	struct span arguments = { 0 };
	if (cut &&
		json_validate(&scan, (struct span){ cut + 1, size - text.len - 1 }, JSON_STRICT)) {
		arguments = scan.value;
	}
	call(profiles, &profile, arguments);
	json_finish(&scan);
	profile_finish(&profile);
	profiles_destroy(profiles);
	return 0;
}
