/*
 * A client on the v2 SDK, driven from stdin (see driver.mjs). Argument: {command, args, cwd, name,
 * era}, where era is "legacy", "auto" or the modern revision to pin. It answers every elicitation
 * with {confirm: true}.
 */
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { drive } from './driver.mjs';

await drive(async (spec) => {
	const era = spec.era ?? 'legacy';
	const mode = era === 'legacy' || era === 'auto' ? era : { pin: era };
	const client = new Client(
		{ name: spec.name ?? 'test-v2', version: '1.0.0' },
		{ capabilities: { elicitation: {} }, versionNegotiation: { mode } }
	);
	const answer = { action: 'accept', content: { confirm: true } };
	client.setRequestHandler('elicitation/create', async () => answer);
	const { command, args, cwd } = spec;
	await client.connect(new StdioClientTransport({ command, args, cwd }));
	return {
		client,
		call: (params, options) => client.callTool(params, options),
		agreed: { server: client.getServerVersion(), era: client.getProtocolEra?.() },
	};
});
