/*
 * Commands that only show something: files, listings, sums, the machine's state.
 *
 * Each line lists the options that were read in the program's manual (GNU, and BSD where both have
 * the letter) and found to write nothing, start nothing and read nothing but what the table says.
 * What is left out on purpose: options that take a list of files from a file, that write (sort -o
 * is an effect), that run a pager or another program.
 */
#include "config.h"

#include "core/effects/readers.h"

#include <string.h>

static command_reader read_any, read_printf, read_test, read_date, read_ps, read_lsof, read_gzip,
	read_unzip, read_tar;

#define SUMS "*-[btwz] --binary --text --tag --zero --check:! --status:! | r*"
#define LIST \
	"*-[aAbBcCdfFgGhiklmnNopqQrRsStuUvxXZ1] --all --almost-all --author --block-size:w " \
	"--classify= --color= --directory --escape --file-type --format:w --full-time " \
	"--group-directories-first --hide:w --human-readable --hyperlink= --ignore:w " \
	"--indicator-style:w --inode --kibibytes --literal --no-group --numeric-uid-gid " \
	"--quote-name --quoting-style:w --recursive --reverse --show-control-chars --si --size " \
	"--sort:w --time:w --time-style:w --width:n -w:n | d*."

// clang-format off
const struct command_row commands_view[] = {
	{ "cat", NULL,
		"*-[AbeEnlstTuv] --show-all --number --number-nonblank --show-ends "
		"--show-nonprinting --show-tabs --squeeze-blank | r*" },
	{ "tac", NULL, "-[br] -s:w --before --regex --separator:w | r*" }, { "rev", NULL, "| r*" },
	{ "head", NULL,
		"*-[qvz] -n:n -c:n -# --lines:n --bytes:n --quiet --silent --verbose "
		"--zero-terminated | r*" },
	{ "tail", NULL,
		"*-[fFqrvz] -n:n -c:n -s:n -# --lines:n --bytes:n --quiet --silent --verbose "
		"--zero-terminated --follow= --retry --pid:n --sleep-interval:n | r*" },
	{ "nl", NULL,
		"*-p -b:w -d:w -f:w -h:w -i:n -l:n -n:w -s:w -v:n -w:n --body-numbering:w "
		"--header-numbering:w --footer-numbering:w --line-increment:n --join-blank-lines:n "
		"--number-format:w --no-renumber --number-separator:w --starting-line-number:n "
		"--number-width:n --section-delimiter:w | r*" },
	{ "wc", NULL,
		"*-[clmwL] --bytes --chars --lines --words --max-line-length --total:w | r*" },
	{ "sort", NULL,
		"-[bcCdfghimMnrRsuVz] -k:w -t:w -S:w -o:W --output:W --key:w --field-separator:w "
		"--buffer-size:w --parallel:n --reverse --unique --numeric-sort "
		"--general-numeric-sort --human-numeric-sort --month-sort --random-sort "
		"--version-sort --sort:w --ignore-case --ignore-leading-blanks "
		"--ignore-nonprinting --dictionary-order --stable --zero-terminated --check= "
		"--merge --debug | r*" },
	{ "uniq", NULL,
		"-[cdDiuz] -f:n -s:n -w:n --count --repeated --all-repeated= --group= "
		"--ignore-case --skip-fields:n --skip-chars:n --check-chars:n --unique "
		"--zero-terminated | r? W?" },
	{ "cut", NULL,
		"-[nsz] -b:w -c:w -d:w -f:w --bytes:w --characters:w --delimiter:w --fields:w "
		"--complement --only-delimited --output-delimiter:w --zero-terminated | r*" },
	{ "paste", NULL, "-[sz] -d:w --delimiters:w --serial --zero-terminated | r*" },
	{ "tr", NULL, "-[cCdst] --complement --delete --squeeze-repeats --truncate-set1 | w w?" },
	{ "comm", NULL,
		"-[123iz] --check-order --nocheck-order --output-delimiter:w --total "
		"--zero-terminated | r r" },
	{ "join", NULL,
		"-[iz] -a:n -e:w -j:n -o:w -t:w -v:n -1:n -2:n --ignore-case --check-order "
		"--nocheck-order --header --zero-terminated | r r" },
	{ "fold", NULL, "-[bs] -w:n -# --bytes --spaces --width:n | r*" },
	{ "fmt", NULL,
		"-[cstu] -w:n -g:n -p:w -# --crown-margin --split-only --tagged-paragraph "
		"--uniform-spacing --width:n --goal:n --prefix:w | r*" },
	{ "expand", NULL, "-i -t:w --initial --tabs:w | r*" },
	{ "unexpand", NULL, "-a -t:w --all --first-only --tabs:w | r*" },
	{ "column", NULL,
		"-[txeJ] -s:w -o:w -c:n -N:w -R:w -H:w --table --separator:w --output-separator:w "
		"--output-width:n --columns:n --table-columns:w --table-right:w --table-hide:w "
		"--fillrows --json | r*" },
	{ "od", NULL,
		"-[abcdfhilosxv] -A:w -j:w -N:w -S:w -t:w -w= --address-radix:w --skip-bytes:w "
		"--read-bytes:w --strings= --format:w --output-duplicates --width= --endian:w | r*"
		"" },
	{ "xxd", NULL, "=<-[abCdeEipru] -c:n -g:n -l:w -s:w -o:w -ps -len:w -seek:w -cols:n | r?" },
	{ "hexdump", NULL, "-[bcCdovx] -e:w -n:w -s:w | r*" },
	{ "hd", NULL, "-[bcCdovx] -n:w -s:w | r*" },
	{ "strings", NULL, "@-[a] -n:n -t:w -e:w -# --all --bytes:n --radix:w --encoding:w | r*" },
	{ "file", NULL,
		"-[bhikLNnr0] --brief --mime --mime-type --mime-encoding --extension --dereference "
		"--no-dereference --keep-going --no-pad --no-buffer --raw --print0 | d+" },
	{ "stat", NULL,
		"*-[fFlLnqrstx] -c:w --format:w --printf:w --dereference --file-system --terse | d+"
		"" },
	{ "ls", NULL, LIST }, { "dir", NULL, LIST },
	{ "eza", NULL,
		"-[1aABbdFgGhHiIlmMnRrsSTUuxX@] -L:n -I:w -s:w --all --long --tree --level:n --git "
		"--icons= --color= --header --group --only-dirs --only-files --oneline --recurse "
		"--sort:w --reverse --git-ignore --no-permissions --no-user --no-time "
		"--no-filesize --group-directories-first --ignore-glob:w | d*." },
	{ "exa", NULL,
		"-[1aABbdFgGhHilmRrSTUuxX@] -L:n -I:w -s:w --all --long --tree --level:n --git "
		"--icons --header --group --only-dirs --oneline --recurse --sort:w --reverse "
		"--git-ignore --group-directories-first --ignore-glob:w | d*." },
	{ "tree", NULL,
		"-[aACdDfFghiJlnNpqQrsStuUvxX] -L:n -P:w -I:w --dirsfirst --filesfirst --noreport "
		"--filelimit:n --charset:w --prune --sort= --matchdirs --ignore-case --du --si "
		"--inodes --device --gitignore --nolinks --timefmt:w | d*." },
	{ "du", NULL,
		"*-[0abchkmlsSxP] -d:n -t:w -B:w -I:w --all --apparent-size --block-size:w --bytes "
		"--total --human-readable --max-depth:n --summarize --si --separate-dirs "
		"--one-file-system --threshold:w --time= --exclude:w --null --inodes --count-links "
		"| d*." },
	{ "df", NULL,
		"-[aghHiklmPTv] -t:w -x:w -B:w --all --human-readable --si --inodes --local "
		"--print-type --portability --total --type:w --exclude-type:w --block-size:w "
		"--output= | d*" },
	{ "diff", NULL,
		"-[abBcdeEinNpqrstTuwyZ] -C:n -U:n -I:w -W:n -x:w -F:w -L:w -# --label:w "
		"--unified= --context= --brief --recursive --side-by-side --suppress-common-lines "
		"--color= --width:n --ignore-all-space --ignore-space-change --ignore-blank-lines "
		"--ignore-case --ignore-trailing-space --ignore-matching-lines:w --new-file --text "
		"--minimal --report-identical-files --exclude:w --strip-trailing-cr "
		"--speed-large-files --expand-tabs --show-c-function --normal --left-column "
		"--no-dereference --tabsize:n | t t" },
	{ "cmp", NULL,
		"-[bls] -i:w -n:w --print-bytes --verbose --silent --quiet --bytes:w "
		"--ignore-initial:w | r r" },
	{ "sdiff", NULL, "-[aBbdEilstWZ] -w:n -I:w | r r" },
	{ "diffstat", NULL, "-[cfklmnpruwC] | r*" }, { "md5sum", NULL, SUMS },
	{ "sha1sum", NULL, SUMS }, { "sha224sum", NULL, SUMS }, { "sha256sum", NULL, SUMS },
	{ "sha384sum", NULL, SUMS }, { "sha512sum", NULL, SUMS }, { "b2sum", NULL, SUMS },
	{ "sum", NULL, "-[rs] | r*" },
	{ "cksum", NULL, "-a:w --algorithm:w --tag --untagged --base64 | r*" },
	{ "md5", NULL, "-[qr] -s:w | r*" },
	{ "shasum", NULL, "-[bp0tU] -a:n --algorithm:n --binary | r*" },
	{ "base64", NULL, "-[dD] -w:n --decode --wrap:n --ignore-garbage | r?" },
	{ "base32", NULL, "-[d] -w:n --decode --wrap:n | r?" },
	{ "basename", NULL, "-[az] -s:w --multiple --suffix:w --zero | w+" },
	{ "dirname", NULL, "-z --zero | w+" },
	{ "realpath", NULL,
		"-[eLmPqsz] --canonicalize-existing --canonicalize-missing --logical --physical "
		"--quiet --strip --no-symlinks --zero --relative-to:d --relative-base:d | d+" },
	{ "readlink", NULL,
		"-[efmnqsvz] --canonicalize --canonicalize-existing --canonicalize-missing "
		"--no-newline --zero --verbose | d+" },
	{ "pwd", NULL, "-[LP] |" }, { "date", read_date, NULL }, { "cal", NULL, "-[13hjmsy] | w*" },
	{ "uname", NULL,
		"-[aimnoprsv] --all --kernel-name --nodename --kernel-release --kernel-version "
		"--machine --processor --hardware-platform --operating-system |" },
	{ "hostname", NULL, "-[sfdiIA] --short --fqdn --domain |" }, { "whoami", NULL, "|" },
	{ "logname", NULL, "|" }, { "tty", NULL, "-s |" }, { "arch", NULL, "|" },
	{ "id", NULL, "-[agGnruz] --user --group --groups --name --real | w?" },
	{ "groups", NULL, "| w?" }, { "nproc", NULL, "--all --ignore:n |" },
	{ "uptime", NULL, "-[ps] |" },
	{ "free", NULL, "-[bghklmtw] --human --mega --gibi --total |" },
	{ "lscpu", NULL, "-[abe] |" }, { "lsb_release", NULL, "-[acdirs] |" },
	{ "sw_vers", NULL, "-productVersion -productName -buildVersion --productVersion |" },
	{ "vm_stat", NULL, "|" }, { "getconf", NULL, "| w w?" }, { "locale", NULL, "-[amk] | w*" },
	{ "ps", read_ps, NULL },
	{ "pgrep", NULL,
		"-[acfilnovx] -u:w -U:w -P:w -t:w -d:w --full --list-name --list-full --exact "
		"--newest --oldest --count | w?" },
	{ "lsof", read_lsof, NULL },
	{ "which", NULL, "-[as] --all | w+" }, { "type", NULL, "-[afpPt] | w+" },
	{ "whereis", NULL, "-[bms] | w+" }, { "echo", read_any, NULL },
	{ "printf", read_printf, NULL }, { "expr", read_any, NULL }, { "true", read_any, NULL },
	{ "false", read_any, NULL }, { ":", read_any, NULL },
	{ "seq", NULL, "-w -s:w -f:w -# --equal-width --separator:w --format:w | n n? n?" },
	{ "sleep", NULL, "| n+" }, { "test", read_test, NULL }, { "[", read_test, NULL },
	{ "tsort", NULL, "| r?" },
	{ "numfmt", NULL,
		"-d:w -z --from:w --to:w --suffix:w --format:w --padding:n --field:w --header= "
		"--delimiter:w --grouping --round:w --from-unit:w --to-unit:w --invalid:w | w*" },
	{ "iconv", NULL, "-c -f:w -t:w -l --from-code:w --to-code:w --list | r*" },
	{ "clear", NULL, "|" }, { "help", NULL, "-[dms] | w*" }, { "zcat", NULL, "-f | r*" },
	{ "bzcat", NULL, "| r*" }, { "xzcat", NULL, "| r*" }, { "gzip", read_gzip, NULL },
	{ "gunzip", read_gzip, NULL }, { "xz", read_gzip, NULL }, { "unzip", read_unzip, NULL },
	{ "zipinfo", NULL, "-[12smlvhtzT] | r w*" }, { "tar", read_tar, NULL },
	{ "nm", NULL,
		"@-[aACDgnopPrsSu] --demangle= --defined-only --dynamic --extern-only "
		"--undefined-only --numeric-sort --print-size --size-sort | r*" },
	{ "objdump", NULL,
		"@-[aCdDfhprRstTwx] -j:w -M:w --disassemble= --syms --demangle= --section:w "
		"--no-show-raw-insn --all-headers --private-headers | r+" },
	{ "readelf", NULL,
		"@-[aAcdehlnrsSuVWt] -p:w -x:w --all --dynamic --file-header --headers --notes "
		"--relocs --sections --segments --symbols --wide --dyn-syms | r+" },
	{ "size", NULL, "@-[ABdotx] | r+" }, { "otool", NULL, "-[alLhtTvVD] | r+" },
	{ "tokei", NULL,
		"-[fhC] -s:w -t:w -e:w --files --sort:w --type:w --exclude:w --hidden | t*." },
	{ "scc", NULL,
		"-[aw] -s:w -i:w --by-file --sort:w --include-ext:w --exclude-dir:w --no-cocomo | "
		"t*." },
	{ "bat", NULL,
		"-[AnpP] -l:w -r:w -H:w --plain --number --show-all --language:w --line-range:w "
		"--style:w --color:w --decorations:w --theme:w --highlight-line:w --no-pager | r*"
		"" },
	{ "batcat", NULL,
		"-[AnpP] -l:w -r:w -H:w --plain --number --language:w --line-range:w --style:w "
		"--color:w --no-pager | r*" },
	{ "grep", read_grep, NULL }, { "egrep", read_grep, NULL }, { "fgrep", read_grep, NULL },
	{ "rg", read_rg, NULL }, { "fd", read_fd, NULL }, { "fdfind", read_fd, NULL },
	{ "find", read_find, NULL },
	{ "ag", NULL,
		"-[acilQsSvw] -G:w -A:n -B:n -C:n -m:n --nocolor --nogroup --noheading "
		"--js --ts --py | w t*." },
	{ "sed", read_sed, NULL }, { "gsed", read_sed, NULL }, { "awk", read_awk, NULL },
	{ "gawk", read_awk, NULL }, { "mawk", read_awk, NULL }, { "jq", read_jq, NULL },
	{ "yq", read_yq, NULL }, { NULL, NULL, NULL },
};
// clang-format on

/* Any words; none is an option that does something. A glob shows names. */
static void read_any(struct command_line *line, const struct command *command)
{
	for (size_t i = 1; i < command->argc; i++) {
		if (command->argv[i].glob) {
			command_path(line, EFFECT_READ, &command->argv[i], "list");
		}
	}
	command_exec(line, command, EXEC_READONLY);
}

/* bash's -v sets a variable. */
static void read_printf(struct command_line *line, const struct command *command)
{
	const char *first = command->argc > 1 ? command->argv[1].text : "-";
	if (first[0] == '-' && strcmp(first, "--") != 0) {
		command_unproven(line, command, "printf: %.80s is not proven", first);
	} else {
		read_any(line, command);
	}
}

/* ---- test ---- */

static bool is_integer(const struct shell_word *word)
{
	const char *digits = word->text + (word->text[0] == '-');
	return !word->glob && digits[0] && strspn(digits, "0123456789") == strlen(digits);
}

static bool test_unary(struct command_line *line, const struct shell_word *argv)
{
	static const char *const files[] = { "-e", "-f", "-d", "-r", "-w", "-x", "-s", "-L", "-h",
		"-p", "-S", "-b", "-c", NULL };
	static const char *const texts[] = { "-z", "-n", NULL };
	if (text_in(argv[0].text, files)) {
		command_path(line, EFFECT_READ, &argv[1], "list");
		return true;
	}
	return text_in(argv[0].text, texts) && !argv[1].glob;
}

/* In zsh the operands of -eq are arithmetic, which can run commands: only numbers are proven. */
static bool test_binary(struct command_line *line, const struct shell_word *argv)
{
	static const char *const texts[] = { "=", "==", "!=", NULL };
	static const char *const numbers[] = { "-eq", "-ne", "-lt", "-le", "-gt", "-ge", NULL };
	static const char *const files[] = { "-nt", "-ot", "-ef", NULL };
	if (text_in(argv[1].text, files)) {
		command_path(line, EFFECT_READ, &argv[0], "list");
		command_path(line, EFFECT_READ, &argv[2], "list");
		return true;
	}
	return (text_in(argv[1].text, texts) && !argv[0].glob && !argv[2].glob) ||
		(text_in(argv[1].text, numbers) && is_integer(&argv[0]) && is_integer(&argv[2]));
}

static void read_test(struct command_line *line, const struct command *command)
{
	const struct shell_word *argv = command->argv + 1;
	size_t count = command->argc - 1;
	bool bracket = command->argv[0].text[0] == '[', ok = true;
	if (bracket) {
		ok = count > 0 && strcmp(argv[count - 1].text, "]") == 0;
		count -= ok;
	}
	if (count > 1 && strcmp(argv[0].text, "!") == 0) {
		argv++;
		count--;
	}
	ok = ok &&
		(count == 1                  ? !argv[0].glob
				: count == 2 ? test_unary(line, argv)
				: count == 3 ? test_binary(line, argv)
					     : count == 0);
	if (ok) {
		command_exec(line, command, EXEC_READONLY);
	} else {
		command_unproven(line, command, "a test that is not proven");
	}
}

/* ---- clocks and processes ---- */

/* An operand without "+" sets the clock. */
static void read_date(struct command_line *line, const struct command *command)
{
	static const char spec[] =
		"-[uRjn] -I= -d:w -r:w -v:w --date:w --utc --universal --rfc-3339:w --iso-8601= "
		"--rfc-email --reference:d | w?";
	char why[160];
	struct spec_walk walk = spec_walk_of(command, spec, 1, why);
	struct spec_item item;
	bool sets = false;
	while (spec_next(&walk, &item)) {
		sets |= spec_is_operand(&item) && item.word.text[0] != '+';
		if (spec_is(&item, "-r") && !is_integer(&item.word)) {
			command_path(line, EFFECT_READ, &item.word, "list");
		}
	}
	if (sets) {
		command_unproven(line, command, "date: an operand that may set the clock");
	} else {
		spec_effects(line, command, spec, 1);
	}
}

/* "pid,ppid,comm=": columns without the environment. */
static bool ps_columns(const char *list)
{
	static const char *const known[] = { "pid", "ppid", "user", "uid", "group", "gid", "comm",
		"command", "args", "cmd", "ucomm", "%cpu", "%mem", "pcpu", "pmem", "cpu", "mem",
		"etime", "etimes", "stat", "state", "s", "rss", "rsz", "vsz", "time", "tty", "tt",
		"lstart", "start", "nlwp", "pgid", "pgrp", "sid", "sess", "ni", "nice", "pri",
		"wchan", "psr", "ruser", "euser", NULL };
	while (*list) {
		char name[16];
		size_t len = strcspn(list, ",=");
		if (len == 0 || len >= sizeof(name)) {
			return false;
		}
		memcpy(name, list, len);
		name[len] = 0;
		if (!text_in(name, known)) {
			return false;
		}
		list += len;
		list += strspn(list, "=");
		list += *list == ',';
	}
	return true;
}

/* "e" among the letters without a dash shows environments, which hold secrets. */
static void read_ps(struct command_line *line, const struct command *command)
{
	static const char spec[] =
		"-[AaefFHjlLNTwxcMm] -p:w -u:w -U:w -C:w -t:w -o:w -O:w -g:w "
		"-q:w --pid:w --ppid:w --user:w --sort:w --format:w --no-headers "
		"--forest --headers | w?";
	char why[160];
	struct spec_walk walk = spec_walk_of(command, spec, 1, why);
	struct spec_item item;
	bool ok = true;
	while (ok && spec_next(&walk, &item)) {
		const char *text = item.word.text;
		if (spec_is_operand(&item)) {
			ok = !item.word.glob && strspn(text, "auxwfljhrSTvm") == strlen(text);
		} else if (spec_is(&item, "-o -O --format")) {
			ok = ps_columns(text);
		} else if (text) {
			/* ps reads "-auxe" as "auxe" if there is no user "xe". */
			ok = command->argv[item.index].len <= 2 || !strchr(text, 'e');
		}
	}
	if (ok) {
		spec_effects(line, command, spec, 1);
	} else {
		command_unproven(line, command, "ps: may show environments");
	}
}

/* Operands are files; "+D DIR" and the like look through directories and are not proven. */
static void read_lsof(struct command_line *line, const struct command *command)
{
	for (size_t i = 1; i < command->argc; i++) {
		if (command->argv[i].text[0] == '+') {
			command_unproven(
				line, command, "lsof: %.80s is not proven", command->argv[i].text);
			return;
		}
	}
	spec_effects(line, command, "-[nPtlwaU] -i= -p:w -c:w -u:w -s= | d*", 1);
}

/* ---- archives ---- */

/* To the standard output, or a look at what is in it; else the file is replaced. */
static void read_gzip(struct command_line *line, const struct command *command)
{
	static const char spec[] = "-[123456789cdklqtv] --stdout --list --test --decompress | r*";
	if (spec_has(command, spec, 1, "-c -l -t --stdout --list --test")) {
		spec_effects(line, command, spec, 1);
	} else {
		command_unproven(line, command, "%s replaces files", command->argv[0].text);
	}
}

static void read_unzip(struct command_line *line, const struct command *command)
{
	static const char spec[] = "-[lptvZcqza1C] -x:w | r w*";
	if (spec_has(command, spec, 1, "-l -p -t -v -Z -c -z")) {
		spec_effects(line, command, spec, 1);
	} else {
		command_unproven(line, command, "unzip: extracts, its members may lie anywhere");
	}
}

/* `tar tf FILE [MEMBER]...` and nothing else. */
static void read_tar(struct command_line *line, const struct command *command)
{
	const char *letters = command->argc > 1 ? command->argv[1].text : "";
	letters += *letters == '-';
	size_t len = strlen(letters);
	const struct shell_word *file = command->argc > 2 ? &command->argv[2] : NULL;
	/* "HOST:FILE" is read by a remote shell. */
	bool lists = len > 1 && file && !strchr(file->text, ':') && strchr(letters, 't') &&
		letters[len - 1] == 'f' && strspn(letters, "tvzjJ") == len - 1;
	if (lists) {
		spec_effects(line, command, "!| r w*", 2);
	} else {
		command_unproven(line, command, "tar: only listing is proven");
	}
}
