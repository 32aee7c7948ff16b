/* Called by main.c. Reads theme files by own.c; when the terminal is asked is main.c's. */
#include "config.h"

#include "tui/dress.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/diag.h"
#include "tui/own.h"

void dress_init(struct dress *d, const char *config)
{
	*d = (struct dress){ .config = config };
	appearance_init(&d->appearance, getenv("COLORFGBG"));
}

void dress_finish(struct dress *d)
{
	free(d->theme);
	free(d->dark);
	free(d->light);
}

static void take(char **to, const char *from)
{
	free(*to);
	*to = xstrdup(from);
}

void dress_choose(struct dress *d, const struct dress_wish *wish)
{
	const char *no_color = getenv("NO_COLOR");
	bool without = no_color && *no_color;
	take(&d->theme, wish->theme);
	take(&d->dark, wish->dark);
	take(&d->light, wish->light);
	d->colour = wish->colour == DRESS_COLOUR_ALWAYS ||
		(wish->colour == DRESS_COLOUR_AUTO && !without);
}

static bool is_auto(const struct dress *d)
{
	return strcmp(d->theme, "auto") == 0;
}

bool dress_asks(const struct dress *d)
{
	return d->colour && is_auto(d);
}

/* A theme for the other kind of terminal is put on all the same, and that is said. */
static bool fits(const struct theme *theme, enum theme_appearance wanted, const char *option,
	const char *name, struct err *err)
{
	return theme->appearance == THEME_ANY || theme->appearance == wanted ||
		fail(err, DIAG_CONFIG, "%s: %.40s is made for %s terminals", option, name,
			theme->appearance == THEME_DARK ? "dark" : "light");
}

bool dress_on(const struct dress *d, struct paint *paint, bool ascii, struct err *err)
{
	struct theme theme;
	bool light = d->appearance.light;
	const char *option = !is_auto(d) ? "console.theme"
		: light                  ? "console.theme_light"
					 : "console.theme_dark";
	const char *name = !is_auto(d) ? d->theme : light ? d->light : d->dark;
	theme_builtin(&theme);
	bool good = own_theme(d->config, name, option, &theme, err) &&
		(!is_auto(d) || fits(&theme, light ? THEME_LIGHT : THEME_DARK, option, name, err));
	paint_init(paint, &theme, ascii, d->colour);
	return good;
}

static const char *use_of(const struct dress *d, const char *name)
{
	if (!is_auto(d)) {
		return strcmp(name, d->theme) == 0 ? "in use" : "";
	}
	bool dark = strcmp(name, d->dark) == 0, light = strcmp(name, d->light) == 0;
	return dark && light ? "in use" : dark ? "if dark" : light ? "if light" : "";
}

static const char *use_here(const void *data, const char *name)
{
	return use_of(data, name);
}

bool dress_list(const char *config, const struct dress_wish *wish, struct err *err)
{
	struct dress here;
	dress_init(&here, config);
	dress_choose(&here, wish);
	int colours = !isatty(STDOUT_FILENO) ? -1 : here.colour ? 1 : 0;
	bool ok = own_list_themes(config, colours, use_here, &here, err);
	dress_finish(&here);
	return ok;
}
