/*
 * What the two client scripts share: commands come as JSON lines on stdin, every outcome goes out
 * as one JSON line. Commands run side by side, so that a test can start a call, look at something
 * else, and then see how the call ended.
 *
 *   {tag, op: "list" | "call" | "cancel" | "ping" | "close", ...}
 *   -> {tag, ok: true, result} | {tag, ok: false, error}
 *
 * `call` takes name, arguments, timeout (ms), progress (ask for it), reset (progress extends the
 * wait), max (ms); its progress comes as {tag, progress, message}. `cancel` takes the tag of a call
 * as `of`. End of input closes.
 */
import { createInterface } from 'node:readline';

function say(line) {
	process.stdout.write(JSON.stringify(line) + '\n');
}

function plainError(error) {
	return { name: error?.name, code: error?.code, message: String(error?.message ?? error) };
}

function callOptions(command, controller) {
	const options = { signal: controller.signal };
	if (command.timeout !== undefined) {
		options.timeout = command.timeout;
	}
	if (command.max !== undefined) {
		options.maxTotalTimeout = command.max;
	}
	if (command.progress) {
		const { tag } = command;
		options.onprogress = ({ progress, message }) => say({ tag, progress, message });
		options.resetTimeoutOnProgress = command.reset === true;
	}
	return options;
}

/* `session` is {client, call(params, options)}: how the SDK at hand is asked. */
function operations(session, running) {
	return {
		list: async () => (await session.client.listTools()).tools.map((tool) => tool.name),
		ping: () => session.client.ping(),
		call: (command) => {
			const controller = new AbortController();
			running.set(command.tag, controller);
			const params = { name: command.name, arguments: command.arguments ?? {} };
			return session.call(params, callOptions(command, controller));
		},
		cancel: async (command) => {
			running.get(command.of).abort(command.reason ?? 'no longer needed');
			return {};
		},
	};
}

/* `connect` opens the session and tells what was agreed on; `spec` is the script's only argument. */
export async function drive(connect) {
	const spec = JSON.parse(process.argv[2]);
	let session;
	try {
		session = await connect(spec);
	} catch (error) {
		say({ tag: 'connect', ok: false, error: plainError(error) });
		process.exit(1);
	}
	say({ tag: 'connect', ok: true, result: session.agreed });
	const running = new Map();
	const table = operations(session, running);
	const run = async (command) => {
		try {
			const result = (await table[command.op](command)) ?? {};
			say({ tag: command.tag, ok: true, result });
		} catch (error) {
			say({ tag: command.tag, ok: false, error: plainError(error) });
		}
		running.delete(command.tag);
	};
	for await (const line of createInterface({ input: process.stdin })) {
		const command = JSON.parse(line);
		if (command.op === 'close') {
			break;
		}
		run(command);
	}
	const began = Date.now();
	await session.client.close();
	say({ tag: 'close', ok: true, result: { took: Date.now() - began } });
	process.exit(0);
}
