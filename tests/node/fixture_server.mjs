/*
 * An MCP server of both eras for the tests: SDK v2, serveStdio. Argument: a directory for its
 * counters, where each executed call of `count` adds a line, so that a test can prove how often
 * something really ran.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import {
	McpServer,
	acceptedContent,
	fromJsonSchema,
	inputRequired,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

const directory = process.argv[2];
const text = (words) => ({ content: [{ type: 'text', text: words }] });
const schema = (properties) =>
	fromJsonSchema({
		type: 'object',
		properties,
		required: Object.keys(properties),
		additionalProperties: false,
	});
const string = { type: 'string' };
const number = { type: 'number' };

async function waitTelling({ ms, steps }, ctx) {
	const token = ctx.mcpReq._meta?.progressToken;
	for (let step = 1; step <= steps; step++) {
		await wait(ms / steps, undefined, { signal: ctx.mcpReq.signal });
		if (token !== undefined) {
			const params = { progressToken: token, progress: step, total: steps };
			await ctx.mcpReq.notify({ method: 'notifications/progress', params });
		}
	}
	return text(`waited ${ms}`);
}

const confirmed = {
	type: 'object',
	properties: { confirm: { type: 'boolean' } },
	required: ['confirm'],
};

/* Asks the person behind the client: a request of its own in the old era, a round of the same call
 * in the new one. */
function confirm({ what }, ctx) {
	const form = fromJsonSchema(confirmed);
	const answer = acceptedContent(ctx.mcpReq.inputResponses, 'sure', form);
	if (answer?.confirm === true) {
		return text(`confirmed ${what}`);
	}
	const message = `Really ${what}?`;
	const sure = inputRequired.elicit({ message, requestedSchema: confirmed });
	return inputRequired({ inputRequests: { sure } });
}

/* name, description, arguments, annotations, what it does */
const TOOLS = [
	['echo', 'Gives the text back', { text: string }, { readOnlyHint: true }, (a) => text(a.text)],
	['read_text_file', 'Reads a file', { path: string }, { readOnlyHint: true },
		(a) => text(readFileSync(a.path, 'utf8'))],
	['write_file', 'Writes a file', { path: string, content: string }, { destructiveHint: true },
		(a) => {
			writeFileSync(a.path, a.content);
			return text(`wrote ${a.path}`);
		}],
	['count', 'Adds one line to the file of its name', { name: string }, {}, (a) => {
		appendFileSync(join(directory, a.name), 'ran\n');
		return text('counted');
	}],
	['wait', 'Takes its time and tells of it', { ms: number, steps: number }, {}, waitTelling],
	['confirm', 'Asks back before it answers', { what: string }, {}, confirm],
	['fail', 'Fails', {}, {}, () => ({ ...text('it failed'), isError: true })],
];

serveStdio(() => {
	const info = { name: 'fixture', version: '1.0.0' };
	const server = new McpServer(info, { capabilities: { tools: {} } });
	for (const [name, description, properties, annotations, run] of TOOLS) {
		const config = { description, inputSchema: schema(properties), annotations };
		server.registerTool(name, config, async (args, ctx) => run(args, ctx));
	}
	server.registerPrompt('greet', { description: 'A greeting' }, () => ({
		messages: [{ role: 'user', content: { type: 'text', text: 'Good day' } }],
	}));
	server.registerResource('note', 'fixture://note', { mimeType: 'text/plain' }, async (uri) => ({
		contents: [{ uri: uri.href, text: 'a note' }],
	}));
	return server;
});
