# Source: @modelcontextprotocol/server-postgres 0.6.2, its tools/list reply.
profile postgres
package @modelcontextprotocol/server-postgres
command mcp-server-postgres
sandbox allow-net env=DATABASE_URL env=PGPASSWORD
alias postgresql
dialect postgres
tool query  sql=sql
