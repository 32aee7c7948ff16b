/* What the test's broker says: a small queue, and what `show` answers for it. */
#ifndef BASCULE_TESTS_TUI_ITEMS_H
#define BASCULE_TESTS_TUI_ITEMS_H

#define ITEM(number, revision, risk, more) \
	"{\"call\":\"c-" #number "\",\"number\":" #number ",\"revision\":" #revision \
	",\"kind\":\"call\"," \
	"\"state\":\"held\"," \
	"\"method\":\"tools/" \
	"call\",\"server\":\"filesystem\",\"profile\":\"filesystem\",\"toward\":\"server\"," \
	"\"client\":{\"name\":\"claude-code\",\"version\":\"2.1.0\",\"pid\":4121},\"risk\":" \
	"\"" risk "\"," \
	"\"rule\":\"built-in: writes are held\",\"reason\":\"writes a " \
	"file\",\"arrived\":4700000000000,\"deadline\":null," \
	"\"cwd\":\"/w/demo\",\"branch\":\"main\",\"bytes\":\"00\",\"said\":null," more "}"

#define WRITES(path) \
	"\"tool\":\"write_file\",\"effects\":[{\"kind\":\"write\",\"arg\":\"path\",\"given\":" \
	"\"" path "\",\"path\":\"/w/demo/" path \
	"\",\"inside\":true,\"state\":\"file\",\"links\":1}]"

#define SNAPSHOT(items) \
	"{\"items\":[" items \
	"],\"counters\":{\"waiting\":1,\"allowed\":212,\"approved\":7,\"denied\":4," \
	"\"withdrawn\":0,\"gates\":1},\"broker\":{\"pid\":1,\"version\":\"0\",\"root\":null," \
	"\"trouble\":null}}"

#define SHOW_WRITE(revision, path, content, before) \
	"{\"revision\":" #revision \
	",\"cut\":false,\"head\":null,\"params\":{\"name\":\"write_file\"," \
	"\"arguments\":{\"path\":\"" path "\",\"content\":\"" content "\"}}," \
	"\"files\":[{\"path\":\"/w/demo/" path "\",\"state\":\"file\",\"text\":\"" before \
	"\",\"size\":9}]}"

#define SHOW_ARGS(revision, arguments) \
	"{\"revision\":" #revision \
	",\"cut\":false,\"head\":null,\"params\":{\"name\":\"t\",\"arguments\":" arguments \
	"},\"files\":[]}"

#endif
