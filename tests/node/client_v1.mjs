/* A client on the v1 SDK, driven from stdin (see driver.mjs).
 * Argument: {command, args, cwd, name}. */
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { CallToolResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { drive } from './driver.mjs';

await drive(async (spec) => {
	const info = { name: spec.name ?? 'test-v1', version: '1.0.0' };
	const client = new Client(info, { capabilities: {} });
	const { command, args, cwd } = spec;
	await client.connect(new StdioClientTransport({ command, args, cwd }));
	return {
		client,
		call: (params, options) => client.callTool(params, CallToolResultSchema, options),
		agreed: { server: client.getServerVersion(), era: 'legacy' },
	};
});
