/*
 * opencode, as far as a plug-in can see it: loads the file, hands it calls, and says what became of
 * each. Commands come as JSON lines on stdin.
 *
 *   plugin_host.mjs PLUGIN DIRECTORY
 *   {tag, op: "call", tool, args, frozen}  -> {tag, ok: true, args} | {tag, ok: false, error}
 *   {tag, op: "event", event}              -> {tag, ok: true}
 *   {tag, op: "change", of, name, value}   changes the arguments of a call that waits
 */
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [, , file, directory] = process.argv;
const running = new Map();

function say(line) {
	process.stdout.write(JSON.stringify(line) + '\n');
}

/* Every function that a plug-in exports is taken for one. */
async function load() {
	const exported = Object.values(await import(pathToFileURL(file)));
	if (exported.length !== 1 || typeof exported[0] !== 'function') {
		throw new Error('a plug-in exports one function');
	}
	return exported[0]({ directory, worktree: directory, project: {}, client: {}, $: {} });
}

async function call(hooks, { tag, tool, args, frozen }) {
	const output = { args: frozen ? Object.freeze(args) : args };
	running.set(tag, output);
	try {
		await hooks['tool.execute.before']({ tool, sessionID: 'ses_1', callID: tag }, output);
		say({ tag, ok: true, args, same: output.args === args });
	} catch (error) {
		say({ tag, ok: false, error: String(error?.message ?? error) });
	}
}

const hooks = await load();
say({ tag: 'connect', ok: true });
createInterface({ input: process.stdin }).on('line', async (text) => {
	const command = JSON.parse(text);
	if (command.op === 'call') {
		call(hooks, command);
	} else if (command.op === 'event') {
		await hooks.event({ event: command.event });
		say({ tag: command.tag, ok: true });
	} else {
		running.get(command.of).args[command.name] = command.value;
		say({ tag: command.tag, ok: true });
	}
});
