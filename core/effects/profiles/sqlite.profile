# Source: mcp-server-sqlite (modelcontextprotocol/servers, archived, src/sqlite), its tool list.
profile sqlite
pypi mcp-server-sqlite
command mcp-server-sqlite
dialect sqlite
tool read_query      query=sql
tool write_query     query=sql
tool create_table    query=sql
tool list_tables     remote-read
tool describe_table  remote-read table_name=name
tool append_insight  remote-write insight=text
