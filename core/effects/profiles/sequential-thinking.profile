# Source: @modelcontextprotocol/server-sequential-thinking 2026.8.31, its tools/list reply.
profile sequential-thinking
package @modelcontextprotocol/server-sequential-thinking
command mcp-server-sequential-thinking
alias sequentialthinking thinking
tool sequentialthinking  nothing thought=text
	nextThoughtNeeded,isRevision,needsMoreThoughts=text
	thoughtNumber,totalThoughts,revisesThought,branchFromThought=number branchId=text
