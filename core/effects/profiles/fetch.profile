# Source: mcp-server-fetch (modelcontextprotocol/servers, src/fetch), its tool list.
profile fetch
pypi mcp-server-fetch
command mcp-server-fetch
sandbox allow-net
tool fetch  url=url max_length,start_index=number raw=flag
